import { protocolVersion } from '../../protocol/scalars.js';
import { readBuildInfo } from '../build-info.js';
import { type Client, type Contact, openClient } from '../client/open-client.js';
import { daemonEnvironment, sessionEnvironment } from '../daemon/allowed-environment.js';
import { type EnsureOptions, ensureDaemon } from '../daemon/ensure-daemon.js';
import { liveDaemon } from '../daemon/live-daemon.js';
import { wasStoppedCleanly } from '../daemon/stop.js';
import { Failure } from '../kernel/failure.js';
import { pause } from '../kernel/signal.js';
import type { CliHost } from './host.js';
import type { Target } from './locate.js';

/** A daemon that is replaced by a newer build is gone for about a second. */
const successorLimitMs = 5_000;

export interface ConnectOptions {
  /** Told when the connection was lost and another daemon is looked for. */
  readonly onLost?: () => void;
}

/** Opens a client to the daemon of a target; the first request connects, and starts a daemon when there is none. */
export function connectDaemon(host: CliHost, target: Target, options: ConnectOptions = {}): Client {
  const ensure = ensureOptions(host, target);
  return openClient({
    attachment: attachmentOf(host, target),
    ...options,
    reach: async (lost) => {
      if (lost !== null && !lost.ending && (await wasStoppedCleanly(target.directories.stateDirectory))) {
        return successor(target.directories.stateDirectory);
      }
      return ensureDaemon({ ...ensure, notEpoch: lost?.ending ? lost.contact.epoch : undefined });
    },
  });
}

/** What starting a daemon for a target takes. */
export function ensureOptions(
  host: CliHost,
  target: Target,
  serveArguments: readonly string[] = [],
): EnsureOptions {
  return {
    launch: {
      program: host.program,
      serveArguments,
      stateDirectory: target.directories.stateDirectory,
      project: target.project,
      env: daemonEnvironment(host.env, host.cwd),
    },
    build: { buildId: readBuildInfo().buildId, protocolVersion },
    platform: host.platform,
  };
}

/** What a session says of its caller: the folder paths start from, and the part of the environment that may pass on. */
export function attachmentOf(host: CliHost, target: Target) {
  return {
    cwd: host.cwd,
    env: sessionEnvironment(host.env, target.config.nu.envAllow),
    processId: host.pid,
  };
}

/** After a clean stop nobody starts the daemon again behind the back of who stopped it; but a newer build may be replacing it. */
async function successor(stateDirectory: string): Promise<Contact> {
  const deadline = performance.now() + successorLimitMs;
  while (performance.now() < deadline) {
    const found = await liveDaemon(stateDirectory);
    if (found !== null) return found;
    await pause(50);
  }
  throw new Failure('shutting_down', 'The daemon was stopped.', {
    expected: 'a running daemon',
    got: 'one that was told to end',
    advice: 'Its unfinished runs go on when it is started again: "nu-sidecar start".',
  });
}
