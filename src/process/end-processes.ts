import { errorCode } from '../kernel/error-code.js';
import type { FoundProcesses } from './find-attempt.js';
import { startTicksOf } from './identity.js';
import type { ProcessRow } from './process-table.js';

export interface EndOrder {
  /** One fresh search for what is to be ended. */
  readonly find: () => Promise<FoundProcesses>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** Milliseconds after SIGKILL until what still lives is given up (state D, no permission). */
  readonly killDeadlineMs: number;
  /** Aborted: no more grace. */
  readonly force: AbortSignal;
}

export interface EndReport {
  /** Nothing of it is left. */
  readonly gone: boolean;
  /** What still lived at the kill deadline, as far as it can be named. */
  readonly unkillable: readonly number[];
}

const FIRST_POLL_MS = 5;
const LONGEST_POLL_MS = 100;

/**
 * Ends processes: SIGCONT, SIGTERM, the grace, SIGKILL, then polls until they are gone. "Gone" is said only after two searches
 * in a row found nothing: a process in the middle of execve shows no environment, one forked during a search is not in it.
 */
export async function endProcesses(order: EndOrder): Promise<EndReport> {
  const first = await order.find();
  signal(first, 'SIGCONT');
  signal(first, 'SIGTERM');
  const grace = after(order.graceMs, order.force);
  const lingering = await pollUntilGone(first, order.find, { until: grace, again: () => {} });
  if (isNothing(lingering)) return { gone: true, unkillable: [] };

  const kill = (found: FoundProcesses) => signal(found, 'SIGKILL');
  kill(lingering);
  const deadline = after(order.killDeadlineMs, null);
  const left = await pollUntilGone(lingering, order.find, { until: deadline, again: kill });
  return { gone: isNothing(left), unkillable: left.rows.map((row) => row.pid) };
}

/** Polls until two searches in a row are empty, or the time is over; then what the last search found. */
async function pollUntilGone(
  known: FoundProcesses,
  find: () => Promise<FoundProcesses>,
  poll: { readonly until: Deadline; readonly again: (found: FoundProcesses) => void },
): Promise<FoundProcesses> {
  let last = known;
  let empties = isNothing(known) ? 1 : 0;
  for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_POLL_MS)) {
    const isOver = poll.until.isOver();
    // as long as a known process lives the answer is known too, and one look costs far less than a search
    if (isOver || !last.rows.some(isAlive)) {
      last = await find();
      empties = isNothing(last) ? empties + 1 : 0;
      if (empties === 1) continue;
      if (empties === 2 || isOver) return last;
      poll.again(last);
    }
    await poll.until.pause(pauseMs);
  }
}

function isNothing(found: FoundProcesses): boolean {
  return found.rows.length === 0 && !found.hidden;
}

function isAlive(row: ProcessRow): boolean {
  return startTicksOf(row.pid) === row.startTicks;
}

/** Sends a signal to the group as a whole, so that nothing forked meanwhile escapes, and to what left the group one by one. */
export function signal(target: FoundProcesses, name: NodeJS.Signals): void {
  if (target.group !== null) send(-target.group, name);
  for (const row of target.rows) if (row.pgid !== target.group) send(row.pid, name);
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // ESRCH: it ended by itself. EPERM: another user's; the kill deadline names it.
    const code = errorCode(error);
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

interface Deadline {
  isOver(): boolean;
  /** Resolves after so many milliseconds, or when the time is over. */
  pause(ms: number): Promise<void>;
}

function after(ms: number, force: AbortSignal | null): Deadline {
  const end = performance.now() + ms;
  const isOver = () => force?.aborted === true || performance.now() >= end;
  return {
    isOver,
    pause: (pauseMs) =>
      new Promise((resolve) => {
        const left = Math.max(0, Math.min(pauseMs, end - performance.now()));
        const wake = () => {
          clearTimeout(timer);
          force?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        force?.addEventListener('abort', wake);
      }),
  };
}
