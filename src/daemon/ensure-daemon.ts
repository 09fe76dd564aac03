import { Failure } from '../kernel/failure.js';
import { pause } from '../kernel/signal.js';
import { askDaemon } from './ask-daemon.js';
import { type BuildName, decideBuild } from './build-rule.js';
import type { Discovery } from './discovery.js';
import { liveDaemon } from './live-daemon.js';
import { type Launch, startDaemon } from './start.js';
import { takeStartTurn } from './start-turn.js';
import { stopDaemon } from './stop.js';

export interface EnsureOptions {
  readonly launch: Launch;
  readonly build: BuildName;
  readonly platform: NodeJS.Platform;
  /** The epoch of a daemon that is known to be ending: it is waited for, not used. */
  readonly notEpoch?: number | undefined;
}

/** Longer than a start may take, and than a daemon drains by default: who waits for another's start or end waits that long. */
const limitMs = 90_000;
const pollMs = 25;
/** Between attempts to start while another process holds the lock without answering: each costs a process. */
const lockedPauseMs = 500;

/**
 * Finds the daemon of a state directory that may be used, starting one when there is none. Any number of callers at once get
 * the same daemon. Throws Failure `build_mismatch` naming both builds when the running one neither fits nor may be replaced,
 * and what {@link startDaemon} throws.
 */
export async function ensureDaemon(options: EnsureOptions): Promise<Discovery> {
  const { stateDirectory } = options.launch;
  const deadline = performance.now() + limitMs;
  let replaced = false;
  for (;;) {
    const found = await liveDaemon(stateDirectory);
    if (found !== null && found.epoch !== options.notEpoch) {
      // What was started in place of another is used: two builds that each think themselves newer must not take turns.
      if (replaced || (await mayUse(found, options))) return found;
      replaced = true;
    } else if (found === null) {
      const started = await startInTurn(options, deadline);
      if (started !== null) continue;
    }
    if (performance.now() >= deadline) throw notInTime(stateDirectory, found);
    await pause(pollMs);
  }
}

/** Starts a daemon if it is our turn. Null: another caller is at it, or the owner of the lock is not ready yet. */
async function startInTurn(options: EnsureOptions, deadline: number): Promise<Discovery | null> {
  const { stateDirectory } = options.launch;
  const turn = await takeStartTurn(stateDirectory, options.platform);
  if (turn === null) return null;
  try {
    return (await liveDaemon(stateDirectory)) ?? (await startDaemon(options.launch));
  } catch (error) {
    const locked = error instanceof Failure && error.error === 'state_locked';
    if (!locked || performance.now() + lockedPauseMs >= deadline) throw error;
    await pause(lockedPauseMs);
    return null;
  } finally {
    await turn.release();
  }
}

/** Applies the build rule to a running daemon. False: it was replaced, look again. */
async function mayUse(found: Discovery, options: EnsureOptions): Promise<boolean> {
  const decision = decideBuild(options.build, found);
  if (decision.action === 'use') return true;
  if (decision.action === 'refuse') throw mismatch(options.build, found);
  if (await hasLiveAttempt(found)) {
    if (decision.otherwise === 'use') return true;
    throw mismatch(options.build, found);
  }
  await stopDaemon({ stateDirectory: options.launch.stateDirectory });
  return false;
}

/** Of a daemon that does not say how many attempts are live, one is assumed to be. */
async function hasLiveAttempt(found: Discovery): Promise<boolean> {
  const status = await askDaemon(found.rpcSocket, 'sidecar/status', {}).catch(() => null);
  return status === null || status['attemptsLive'] !== 0;
}

function mismatch(mine: BuildName, running: Discovery): Failure {
  return new Failure(
    'build_mismatch',
    `The running daemon (pid ${running.pid}) is build ${running.buildId} with protocol ${running.protocolVersion}; this is build ${mine.buildId} with protocol ${mine.protocolVersion}.`,
    {
      expected: `protocol version ${mine.protocolVersion}`,
      got: `protocol version ${running.protocolVersion}`,
      advice:
        'Wait until its runs have ended, or stop it with "nu-sidecar stop": its runs go on when the next daemon starts.',
    },
  );
}

function notInTime(stateDirectory: string, found: Discovery | null): Failure {
  const what = found === null ? 'No daemon answers' : `The daemon with pid ${found.pid} has not ended`;
  return new Failure('timeout', `${what} for ${stateDirectory} within ${limitMs / 1000} s.`, {
    expected: 'a daemon that answers',
    got: found === null ? 'none' : 'one that is ending',
    advice: 'Ask nu-sidecar doctor what is wrong.',
  });
}
