import { stat, statfs } from 'node:fs/promises';
import { createFindNu } from '../nu/find-nu.js';
import { systemFiles } from '../store/file-port.js';
import { prepareStateDirectory } from '../store/state-directory.js';
import { defaultLimits } from '../store/store.js';
import type { Finding, Patient } from './doctor-finding.js';

const oldestNode = [20, 19] as const;
const mebibyte = 1024 * 1024;
/** Below this the daemon refuses new runs, so that it can still record those it has. */
const leastFreeBytes = defaultLimits.minFreeBytes;

export async function checkNode({ nodeVersion }: Patient): Promise<Finding> {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) {
    return { status: 'ok', message: `Node ${nodeVersion}` };
  }
  return {
    status: 'problem',
    message: `Node ${nodeVersion} is too old: ${oldestNode.join('.')} or newer is needed.`,
    cure: 'Install a newer Node.',
  };
}

export async function checkSettings({ project, loadSettings }: Patient): Promise<Finding> {
  const { file, name } = await loadSettings();
  if (file !== null)
    return { status: 'ok', message: `${file} is valid${name === null ? '' : `, project ${name}`}` };
  if (project !== null)
    return { status: 'ok', message: `project ${project}, default settings (it has no sidecar.toml)` };
  return {
    status: 'note',
    message: 'no project here: the settings are the defaults, and the state is that of this user',
    cure: 'To make this folder a project: nu-sidecar init',
  };
}

export async function checkNu({ loadSettings, searchPath }: Patient): Promise<Finding> {
  // Wrong settings are told by their own check; nu is then looked for as if there were none.
  const configured = await loadSettings().then(
    (config) => config.nu.path,
    () => null,
  );
  const nu = await createFindNu()({ searchPath, ...(configured === null ? {} : { configured }) });
  const where = { config: 'named in the settings', PATH: 'on PATH', package: 'from the npm package' }[
    nu.source
  ];
  return { status: 'ok', message: `Nushell ${nu.version} at ${nu.path} (${where})` };
}

export async function checkStateDirectory({ directories, uid }: Patient): Promise<Finding> {
  const { stateDirectory } = directories;
  const found = await stat(stateDirectory).catch(() => null);
  if (found === null)
    return { status: 'ok', message: `${stateDirectory} is not there yet; the first start makes it` };
  if (!found.isDirectory()) {
    return {
      status: 'problem',
      message: `${stateDirectory} is no directory.`,
      cure: 'Move it away, or use --state-dir.',
    };
  }
  if (found.uid === uid && (found.mode & 0o077) !== 0) {
    return {
      status: 'problem',
      message: `${stateDirectory} is open to other users (mode ${(found.mode & 0o777).toString(8)}).`,
      cure: `chmod 700 ${stateDirectory}`,
    };
  }
  // Its owner and its file system: as a starting daemon looks at them.
  await prepareStateDirectory(systemFiles, stateDirectory);
  const { bavail, bsize } = await statfs(stateDirectory);
  const free = `${Math.floor((bavail * bsize) / mebibyte)} MiB free`;
  if (bavail * bsize >= leastFreeBytes)
    return { status: 'ok', message: `${stateDirectory}, private, ${free}` };
  return {
    status: 'problem',
    message: `Only ${free} on the disk of ${stateDirectory}: new runs are refused below ${leastFreeBytes / mebibyte} MiB.`,
    cure: 'Free space on that disk.',
  };
}
