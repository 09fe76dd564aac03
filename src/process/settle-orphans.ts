import { pause } from '../kernel/signal.js';
import { recordedLeader, removeAliveFifo } from './alive-fifo.js';
import { endProcesses, signal } from './end-processes.js';
import { type AttemptSearch, type FoundProcesses, LEAVE_GROUP_MS, searchAttempt } from './find-attempt.js';
import type { ProcessTable } from './process-table.js';
import { systemProcessTable } from './system-process-table.js';

/** An attempt whose daemon died while it was live. */
export interface Orphans {
  readonly tag: string;
  readonly aliveFifo: string;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** Milliseconds from SIGKILL until a process that is still there is called unkillable. */
  readonly killDeadlineMs: number;
  /** Whether the attempt left the complete result of a success. */
  readonly resultIsComplete: () => Promise<boolean>;
}

export interface SettledOrphans {
  /** Everything that had to go is confirmed gone. */
  readonly gone: boolean;
  /** What is not, as far as it can be named. */
  readonly pids: readonly number[];
  /** A complete result was found. */
  readonly succeeded: boolean;
}

/** Rounds of freezing, 1 ms apart: a process takes its SIGSTOP within microseconds unless it is in state D. */
const FREEZE_ROUNDS = 20;

/**
 * Settles the processes of an attempt whose daemon is dead (engine-semantics A1, B "5."). With a complete result only its group
 * ends and servers that left the group stay; without one everything of the attempt is swept, and the result is looked at once
 * more. Before that the processes are frozen, so that none can complete its result between the look and the sweep: a success
 * would be recorded whose server was just killed.
 */
export async function settleOrphans(
  orphans: Orphans,
  table: ProcessTable = systemProcessTable(),
): Promise<SettledOrphans> {
  const { tag, aliveFifo, graceMs, killDeadlineMs, resultIsComplete } = orphans;
  const search = searchAttempt(table, { tag, aliveFifo, leader: recordedLeader(aliveFifo) });
  const end = (find: () => Promise<FoundProcesses>) =>
    endProcesses({ find, graceMs, killDeadlineMs, force: new AbortController().signal });

  const hadResult = (await resultIsComplete()) || (await freeze(search, resultIsComplete));
  // also for servers that a daemon froze and then died itself
  if (hadResult) {
    signal(await search.all(), 'SIGCONT');
    await pause(LEAVE_GROUP_MS);
  }
  const { gone, unkillable } = await end(hadResult ? search.groupOnly : search.all);
  if (gone) removeAliveFifo(aliveFifo);
  return {
    gone,
    pids: unkillable,
    succeeded: hadResult || (await resultIsComplete()),
  };
}

/** Stops every process of the attempt where it is, then asks. */
async function freeze(search: AttemptSearch, ask: () => Promise<boolean>): Promise<boolean> {
  for (let round = 0; round < FREEZE_ROUNDS; round += 1) {
    const found = await search.all();
    if (found.rows.every((row) => row.stopped)) break;
    signal(found, 'SIGSTOP');
    await pause(1);
  }
  return ask();
}
