import { pause } from '../kernel/signal.js';
import { startTicksOf } from '../process/identity.js';

const pollMs = 20;

/**
 * Starts watching a process that is alive now and answers a function that waits for its end, at most limitMs milliseconds: true
 * when it has ended. Called before the process is told to end, so that a reused pid is not taken for it. (Linux: a look at
 * /proc; macOS: at `ps`.)
 */
export function watchProcessEnd(pid: number): (limitMs: number) => Promise<boolean> {
  const start = startTicksOf(pid);
  return async (limitMs) => {
    const deadline = performance.now() + limitMs;
    while (start !== null && startTicksOf(pid) === start) {
      if (performance.now() >= deadline) return false;
      await pause(pollMs);
    }
    return true;
  };
}
