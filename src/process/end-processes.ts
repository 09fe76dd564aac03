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
  /** Every process that was found, the ended and the unkillable. */
  readonly found: readonly ProcessRow[];
  /** What still lived at the kill deadline; empty: all are confirmed gone. */
  readonly unkillable: readonly number[];
}

const FIRST_POLL_MS = 5;
const LONGEST_POLL_MS = 100;

/**
 * Ends processes: SIGCONT, SIGTERM, the grace, SIGKILL, then polls until they are gone. "Gone" is said only after two searches
 * in a row found nothing: a process in the middle of execve shows no environment, one forked during a search is not in it.
 */
export async function endProcesses(order: EndOrder): Promise<EndReport> {
  const found = new Map<string, ProcessRow>();
  const search = async () => {
    const result = await order.find();
    for (const row of result.rows) found.set(`${row.pid} ${row.startTicks}`, row);
    return result;
  };
  const report = (unkillable: readonly ProcessRow[]): EndReport => ({
    found: [...found.values()],
    unkillable: unkillable.map((row) => row.pid),
  });

  const first = await search();
  signal(first, 'SIGCONT');
  signal(first, 'SIGTERM');
  const graceIsOver = after(order.graceMs, order.force);
  const lingering = await pollUntilGone(first, search, { until: graceIsOver, each: () => {} });
  if (lingering.rows.length === 0) return report([]);

  signal(lingering, 'SIGKILL');
  const deadline = after(order.killDeadlineMs, null);
  const unkillable = await pollUntilGone(lingering, search, {
    until: deadline,
    each: (again) => signal(again, 'SIGKILL'),
  });
  return report(unkillable.rows);
}

/** Polls until two searches in a row are empty, or the time is over; then what the last search found. */
async function pollUntilGone(
  known: FoundProcesses,
  search: () => Promise<FoundProcesses>,
  poll: { readonly until: Deadline; readonly each: (found: FoundProcesses) => void },
): Promise<FoundProcesses> {
  let last = known;
  let empties = known.rows.length === 0 ? 1 : 0;
  for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_POLL_MS)) {
    const isOver = poll.until.isOver();
    // as long as a known process lives the answer is known too, and one look costs far less than a search
    if (isOver || !last.rows.some(isAlive)) {
      last = await search();
      empties = last.rows.length === 0 ? empties + 1 : 0;
      if (empties === 1) continue;
      if (empties === 2 || isOver) return last;
      poll.each(last);
    }
    await poll.until.pause(pauseMs);
  }
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
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return;
    throw error;
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
