import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { within } from '../kernel/signal.js';
import { listAttemptProcesses } from '../process/list-attempt-processes.js';
import { answers } from './answers.js';
import { decideBuild } from './build-rule.js';
import { daemonLogLimitBytes, daemonLogPath } from './daemon-log.js';
import { readDiscovery } from './discovery.js';
import type { Finding, Patient } from './doctor-finding.js';
import { liveDaemon } from './live-daemon.js';
import { readLockHolder } from './lock-holder.js';
import { readStatus } from './status.js';

const answerLimitMs = 5_000;

export async function checkLock({ directories }: Patient): Promise<Finding> {
  const { stateDirectory } = directories;
  const holder = await readLockHolder(stateDirectory);
  if (holder === null) return { status: 'ok', message: 'no sidecar has run with this state yet' };
  const { lock, verdict } = holder;
  const name = `lock.${lock.epoch} of pid ${lock.pid}`;
  if (verdict === 'released')
    return { status: 'ok', message: `free: the last sidecar (pid ${lock.pid}) ended properly` };
  if (verdict === 'dead') {
    return {
      status: 'note',
      message: `free: the last sidecar (pid ${lock.pid}) was killed; the next one recovers its runs`,
    };
  }
  if (verdict === 'alive' && (await liveDaemon(stateDirectory)) !== null) {
    return { status: 'ok', message: `held by the running sidecar (pid ${lock.pid})` };
  }
  if (verdict === 'alive') {
    return {
      status: 'problem',
      message: `${name} is held by a process that runs, but no sidecar answers.`,
      cure: `It may be starting or ending: look again. If it hangs: kill -9 ${lock.pid} (what was acknowledged is on disk).`,
    };
  }
  return {
    status: 'problem',
    message: `${name} on host ${lock.host}: from here one cannot tell whether it still runs.`,
    cure: 'Look there, and stop it there. When it is certainly gone: nu-sidecar start --take-over.',
  };
}

export async function checkSocket({ directories }: Patient): Promise<Finding> {
  const discovery = await readDiscovery(directories.stateDirectory);
  const path = discovery?.rpcSocket ?? directories.rpcSocket;
  const found = await lstat(path).catch(() => null);
  if (found === null)
    return { status: 'ok', message: `${path} (${Buffer.byteLength(path)} bytes), not in use` };
  if (!found.isSocket()) {
    return { status: 'problem', message: `${path} is no socket.`, cure: 'Move it away: it is left alone.' };
  }
  if (await answers(path)) return { status: 'ok', message: path };
  return {
    status: 'note',
    message: `${path} was left by a sidecar that was killed; the next start replaces it`,
  };
}

export async function checkDaemon({ directories, build }: Patient): Promise<Finding> {
  const { stateDirectory } = directories;
  const found = await liveDaemon(stateDirectory);
  if (found === null) return { status: 'ok', message: 'not running; commands start it when they need it' };
  const status = await within(readStatus(stateDirectory), answerLimitMs, 'its answer').catch(() => null);
  if (status === null) {
    return {
      status: 'problem',
      message: `The sidecar (pid ${found.pid}) accepts connections but does not answer.`,
      cure: `See ${daemonLogPath(stateDirectory)}; if it hangs: kill -9 ${found.pid}.`,
    };
  }
  const decision = decideBuild(build, found);
  if (decision.action === 'refuse') {
    return {
      status: 'problem',
      message: `The running sidecar is build ${found.buildId}, protocol ${found.protocolVersion}; this is build ${build.buildId}, protocol ${build.protocolVersion}.`,
      cure: 'Use the newer of both, or end the other with its own "nu-sidecar stop".',
    };
  }
  const health = status['health'];
  const storage = status['storage'];
  if (health !== 'ok') {
    const why =
      typeof storage === 'object' && storage !== null && 'message' in storage
        ? `: ${String(storage.message).replace(/\.$/, '')}`
        : '';
    return {
      status: 'problem',
      message: `The sidecar (pid ${found.pid}) says that it is ${String(health)}${why}.`,
      cure: `See ${daemonLogPath(stateDirectory)}.`,
    };
  }
  const other = decision.action === 'replace' ? '; an older build, replaced as soon as it is idle' : '';
  return { status: 'ok', message: `running, pid ${found.pid}, build ${found.buildId}${other}` };
}

export async function checkLeftovers({ directories }: Patient): Promise<Finding> {
  const { stateDirectory } = directories;
  const stateId = (await readFile(join(stateDirectory, 'state-id'), 'utf8').catch(() => '')).trim();
  const processes = stateId === '' ? [] : await listAttemptProcesses(stateId);
  if (processes.length === 0) return { status: 'ok', message: 'no process of a task runs' };
  const names = processes.map(({ pid, command }) => `${pid} (${command})`).join(', ');
  if ((await liveDaemon(stateDirectory)) !== null) {
    return { status: 'note', message: `processes that tasks run or left running: ${names}` };
  }
  return {
    status: 'note',
    message: `processes that tasks left running, while no sidecar runs: ${names}`,
    cure: 'Servers that finished tasks started may stay; the next start of the sidecar ends those of unfinished tasks.',
  };
}

export async function checkLog({ directories }: Patient): Promise<Finding> {
  const path = daemonLogPath(directories.stateDirectory);
  const found = await stat(path).catch(() => null);
  if (found === null) return { status: 'ok', message: `${path} is not there yet` };
  const size = `${(found.size / 1024 / 1024).toFixed(1)} MiB`;
  if (found.size <= 4 * daemonLogLimitBytes) return { status: 'ok', message: `${path}, ${size}` };
  return {
    status: 'problem',
    message: `${path} has ${size}: the sidecar logs more than is useful.`,
    cure: 'See what it says, set [daemon] log_level, and stop the sidecar: the next start sets the log aside.',
  };
}
