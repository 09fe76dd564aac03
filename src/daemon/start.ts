import { spawn } from 'node:child_process';
import { errorMessage } from '../kernel/error-message.js';
import { Failure } from '../kernel/failure.js';
import { pause } from '../kernel/signal.js';
import { systemFiles } from '../store/file-port.js';
import { prepareStateDirectory } from '../store/state-directory.js';
import { answers } from './answers.js';
import { daemonLogPath, openDaemonLog, tailDaemonLog } from './daemon-log.js';
import { type Discovery, readDiscovery } from './discovery.js';
import { exitCode } from './exit-code.js';

/** How the process of a detached daemon is made. */
export interface Launch {
  /** The program: Node and what it runs, without the command. */
  readonly program: readonly [string, ...string[]];
  /** Options of `serve` beside the state directory and the project. */
  readonly serveArguments: readonly string[];
  readonly stateDirectory: string;
  readonly project: string | null;
  /** The whole environment of the daemon: see daemonEnvironment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Replaying a long journal takes a while; a daemon that is still alive then is left alone and named. */
const startLimitMs = 60_000;
const pollMs = 20;

/**
 * Starts a detached daemon and resolves when one answers: this one, or another that was quicker. It gets a clean environment,
 * the working directory `/` and daemon.log as its output, because an inherited stderr would block a caller that captures ours.
 * Throws Failure `state_locked` when another process owns the state directory and does not answer, `storage_failed` or
 * `internal_error` with the end of daemon.log when the daemon ended or does not answer in time.
 */
export async function startDaemon(launch: Launch): Promise<Discovery> {
  const { stateDirectory } = launch;
  // As the daemon itself will: what is wrong with the place is said here, without a process and its log in between.
  await prepareStateDirectory(systemFiles, stateDirectory).catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    throw new Failure(
      'storage_failed',
      `Cannot write the state directory ${stateDirectory}: ${errorMessage(error)}.`,
      {
        expected: 'a directory that may be written',
        advice: 'Choose another with --state-dir or SIDECAR_STATE_DIR, or correct its permissions.',
      },
    );
  });
  const log = await openDaemonLog(stateDirectory).catch((error: unknown) => {
    throw new Failure(
      'storage_failed',
      `Cannot write ${daemonLogPath(stateDirectory)}: ${errorMessage(error)}.`,
      {
        expected: 'a log file that may be written',
        advice: 'Free space on its disk, or correct its owner and permissions.',
      },
    );
  });
  const logStart = (await log.stat()).size;
  const [command, ...programArguments] = launch.program;
  const child = spawn(
    command,
    [
      ...programArguments,
      'serve',
      '--state-dir',
      stateDirectory,
      ...(launch.project === null ? [] : ['--project', launch.project]),
      ...launch.serveArguments,
    ],
    { cwd: '/', env: { ...launch.env }, detached: true, stdio: ['ignore', log.fd, log.fd] },
  );
  const ended = new Promise<string | number>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  child.unref();
  await log.close();
  return awaitAnswer(stateDirectory, ended, { pid: child.pid, logStart });
}

async function awaitAnswer(
  stateDirectory: string,
  ended: Promise<string | number>,
  started: { readonly pid: number | undefined; readonly logStart: number },
): Promise<Discovery> {
  let end: string | number | null = null;
  void ended.then((how) => {
    end = how;
  });
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    const seen = end;
    const discovery = await readDiscovery(stateDirectory);
    if (discovery !== null && (await answers(discovery.rpcSocket))) return discovery;
    // The end was read before the look: a daemon that ended because another won has its winner's answer by the next looks.
    if (seen === exitCode.locked) throw locked(stateDirectory, discovery);
    if (seen !== null) throw await endedEarly(stateDirectory, seen, started.logStart);
    await pause(pollMs);
  }
  const lines = await tailDaemonLog(stateDirectory, started.logStart);
  throw new Failure(
    'timeout',
    `The daemon (pid ${started.pid ?? 'unknown'}) has not answered within ${startLimitMs / 1000} s.`,
    {
      expected: 'an answer on its socket',
      got: lines.length === 0 ? 'nothing, and no line in its log' : lines.join('\n'),
      advice: `It may still be reading a long journal: see ${daemonLogPath(stateDirectory)}, or ask nu-sidecar doctor.`,
    },
  );
}

function locked(stateDirectory: string, discovery: Discovery | null): Failure {
  const owner = discovery === null ? 'another process' : `the daemon with pid ${discovery.pid}`;
  return new Failure('state_locked', `${stateDirectory} belongs to ${owner}, which does not answer.`, {
    expected: 'an answer from the owner of the state directory',
    got: 'none',
    advice: 'It may be ending: try again, or ask nu-sidecar doctor who it is.',
  });
}

async function endedEarly(stateDirectory: string, how: string | number, logStart: number): Promise<Failure> {
  const lines = await tailDaemonLog(stateDirectory, logStart);
  const name = how === exitCode.storageFailed ? 'storage_failed' : 'internal_error';
  const what = typeof how === 'number' ? `with exit code ${how}` : `(${how})`;
  return new Failure(name, `The daemon ended ${what} before it answered.`, {
    expected: 'a daemon that answers on its socket',
    got: lines.length === 0 ? 'nothing in its log' : lines.join('\n'),
    advice: `See ${daemonLogPath(stateDirectory)}, or run "nu-sidecar doctor" for what is wrong.`,
  });
}
