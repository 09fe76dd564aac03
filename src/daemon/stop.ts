import { Failure } from '../kernel/failure.js';
import type { ValueRecord } from '../kernel/value/value.js';
import { askDaemon } from './ask-daemon.js';
import { readDiscovery } from './discovery.js';
import { liveDaemon } from './live-daemon.js';
import type { StopRequest } from './sidecar-port.js';
import { watchProcessEnd } from './watch-process-end.js';

/** Beyond the drain: closing the journal and ending the attempts that are left. */
const closeLimitMs = 60_000;
/** The longest drain a daemon can be configured with is unknown here; it names its own in the log. */
const drainGuessMs = 30_000;

/** What stopping found: the pid of the daemon that has ended, or that none was running. */
export type StopOutcome = { readonly stopped: true; readonly pid: number } | { readonly stopped: false };

/**
 * Tells the daemon of a state directory to end and resolves when its process has ended. Throws Failure `timeout` naming the
 * pid when it is still there after the drain and a minute.
 */
export async function stopDaemon(
  options: { readonly stateDirectory: string } & StopRequest,
): Promise<StopOutcome> {
  const found = await liveDaemon(options.stateDirectory);
  if (found === null) return { stopped: false };
  const ended = watchProcessEnd(found.pid);
  const params: ValueRecord = {
    ...(options.drainTimeoutMs === undefined ? {} : { drainTimeoutMs: options.drainTimeoutMs }),
    ...(options.force === undefined ? {} : { force: options.force }),
  };
  await askDaemon(found.rpcSocket, 'sidecar/stop', params).catch(async (error: unknown) => {
    // It ended by itself between the look and the question: that is what was wanted.
    if (await ended(0)) return;
    throw error;
  });
  const limitMs = (options.drainTimeoutMs ?? drainGuessMs) + closeLimitMs;
  if (await ended(limitMs)) return { stopped: true, pid: found.pid };
  throw new Failure(
    'timeout',
    `The daemon with pid ${found.pid} has not ended within ${Math.round(limitMs / 1000)} s.`,
    {
      expected: 'its process to end',
      got: `pid ${found.pid} still alive`,
      advice: `Stop it with "nu-sidecar stop --force", or end it with "kill -9 ${found.pid}": what was acknowledged is on disk.`,
    },
  );
}

/** Whether the discovery file names a daemon at all: after a clean stop there is none. */
export async function wasStoppedCleanly(stateDirectory: string): Promise<boolean> {
  return (await readDiscovery(stateDirectory)) === null;
}
