import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, isAbsolute, join } from 'node:path';
import { Failure } from '../kernel/failure.js';
import { packageRoot } from '../package-root.js';
import { captureNu } from './capture-nu.js';

/** A Nushell that this program can use. */
export interface NuBinary {
  /** Absolute. */
  readonly path: string;
  /** Such as "0.115.1". */
  readonly version: string;
  readonly source: 'config' | 'PATH' | 'package';
}

export interface FindNuOptions {
  /** `[nu] path` of sidecar.toml: when given, no other nu is looked for. */
  readonly configured?: string | undefined;
  /** The PATH to search. */
  readonly searchPath: string;
  /** The npm packages that bring a binary, in order of preference. */
  readonly packages?: readonly string[];
}

export type FindNu = (options: FindNuOptions) => Promise<NuBinary>;

const oldest = { major: 0, minor: 108 };
const shipped = ['@nushell/linux-x64'];
const cure =
  'Install Nushell 0.108 or newer (https://www.nushell.sh/book/installation.html), ' +
  'or name its program under [nu] path in sidecar.toml.';

interface Candidate {
  readonly path: string;
  readonly source: NuBinary['source'];
}

/**
 * Creates the search for Nushell: the configured path, else PATH, else the binary of the npm package. A nu on
 * PATH that is too old is passed over for the package's. Versions are asked for once per file and modification
 * time.
 *
 * The search throws Failure `nu_missing` when there is none that can be used.
 */
export function createFindNu(): FindNu {
  const versions = new Map<string, Promise<string>>();
  return async (options) => {
    const rejected: string[] = [];
    for (const candidate of await candidates(options)) {
      const version = await cachedVersion(versions, candidate.path);
      if (isSupported(version)) return { ...candidate, version };
      rejected.push(`${candidate.path} is version ${version || 'unknown'}`);
    }
    throw missing(options, rejected);
  };
}

/** Whether a version of Nushell is at least 0.108. */
export function isSupported(version: string): boolean {
  const { major, minor } = parseVersion(version);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

/** Reads "0.115.1" or "0.116.0-nightly.3"; an unreadable text counts as version 0.0. */
export function parseVersion(version: string): { readonly major: number; readonly minor: number } {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  return { major: Number(major), minor: Number(minor) };
}

async function candidates(options: FindNuOptions): Promise<Candidate[]> {
  if (options.configured !== undefined) {
    return (await isProgram(options.configured)) ? [{ path: options.configured, source: 'config' }] : [];
  }
  const found: Candidate[] = [];
  // An empty or relative entry of PATH would mean the working directory, which is a client's: such entries are
  // left out.
  for (const folder of options.searchPath.split(delimiter).filter(isAbsolute)) {
    const path = join(folder, 'nu');
    if (await isProgram(path)) {
      found.push({ path, source: 'PATH' });
      break;
    }
  }
  for (const name of options.packages ?? shipped) {
    const path = packagedNu(name);
    if (path !== undefined && (await isProgram(path))) found.push({ path, source: 'package' });
  }
  return found;
}

function packagedNu(name: string): string | undefined {
  try {
    const manifest = createRequire(join(packageRoot(), 'package.json')).resolve(`${name}/package.json`);
    return join(manifest, '..', 'bin', 'nu');
  } catch {
    return undefined; // An optional dependency: other platforms do not have it.
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function cachedVersion(versions: Map<string, Promise<string>>, path: string): Promise<string> {
  const key = `${path}\0${(await stat(path)).mtimeMs}`;
  let version = versions.get(key);
  if (version === undefined) {
    version = readVersion(path);
    versions.set(key, version);
    // It may have been too slow only this once.
    if ((await version) === '') versions.delete(key);
  }
  return version;
}

async function readVersion(path: string): Promise<string> {
  try {
    const { stdout } = await captureNu({ path, args: ['--version'], cwd: '/', env: {}, timeoutMs: 10_000 });
    return /^\d+\.\d+\.\S+/.exec(stdout)?.[0] ?? '';
  } catch {
    return ''; // Not a nu, or one that does not start here: as good as none.
  }
}

function missing(options: FindNuOptions, rejected: readonly string[]): Failure {
  const looked =
    options.configured === undefined
      ? 'on PATH or as an npm package'
      : `at ${options.configured} ([nu] path)`;
  const problem =
    rejected.length > 0
      ? `Nushell 0.108 or newer is needed, but ${rejected.join(' and ')}`
      : `Nushell was not found ${looked}`;
  return new Failure('nu_missing', `${problem}: ${cure.charAt(0).toLowerCase()}${cure.slice(1)}`, {
    expected: 'Nushell 0.108 or newer',
    got: rejected.length > 0 ? rejected.join('; ') : 'none',
    advice: cure,
  });
}
