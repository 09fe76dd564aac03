import { startTicksOf } from '../process/identity.js';

/** How long a dead client may go unnoticed. Only connections that named a process cost a timer. */
const intervalMs = 2000;

/**
 * Calls back once when a process has died; pids are reused, so its start time counts too. A process that is not there to
 * begin with is not watched: a client in another pid namespace names a pid that means nothing here.
 * Returns how to stop watching.
 */
export function watchProcess(pid: number, onDeath: () => void): () => void {
  const start = startTicksOf(pid);
  if (start === null) return () => undefined;
  const timer = setInterval(() => {
    if (startTicksOf(pid) === start) return;
    clearInterval(timer);
    onDeath();
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
