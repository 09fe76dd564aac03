import { fifoIsHeld, type Leader } from './alive-fifo.js';
import type { ProcessRow, ProcessTable } from './process-table.js';

/**
 * Milliseconds that the group of a finished leader is given before anything in it counts as a leftover: `setsid --fork` returns
 * before its child has left the group, so a server of a task that ends at once would be taken for one.
 */
export const LEAVE_GROUP_MS = 50;

/** The live processes that a search found. */
export interface FoundProcesses {
  /** The attempt's process group, when members of it live and it is certainly the attempt's; it may be signalled as a whole. */
  readonly group: number | null;
  readonly rows: readonly ProcessRow[];
  /** Somebody holds the FIFO whose descriptors this user may not see, such as a set-uid program: it cannot be named. */
  readonly hidden: boolean;
}

export interface AttemptSearch {
  /** Everything of the attempt: its group, every process with its tag, every holder of its FIFO. */
  all(): Promise<FoundProcesses>;
  /** Its group alone. */
  groupOnly(): Promise<FoundProcesses>;
  /** As `groupOnly`, right after the leader was reaped by this process: the group, if there is one, can be no other's yet. */
  groupAtExit(): Promise<FoundProcesses>;
}

/**
 * Searches for the processes of an attempt (engine-semantics A1). No single mark finds every shape: a process may leave the
 * group, lose its environment or close its descriptors, so the union counts. A group id can be another's once the leader is
 * gone; the group is believed only when a member has the tag, holds the FIFO, is the leader by start time, or was a member in
 * an earlier believed search.
 */
export function searchAttempt(
  table: ProcessTable,
  attempt: { readonly tag: string; readonly aliveFifo: string; readonly leader: Leader | null },
): AttemptSearch {
  const { tag, aliveFifo, leader } = attempt;
  const members = new Map<number, string>();
  if (leader?.startTicks != null) members.set(leader.pid, leader.startTicks);

  async function search(scope: 'all' | 'group', vouched: boolean): Promise<FoundProcesses> {
    const rows = await table.scan();
    const holders = fifoIsHeld(aliveFifo) ? await table.fifoHolders(aliveFifo) : new Set<number>();
    const hidden = scope === 'all' && holders.size === 0 && fifoIsHeld(aliveFifo);
    const isMarked = (row: ProcessRow) => row.tag === tag || holders.has(row.pid);
    const inGroup = leader === null ? [] : rows.filter((row) => row.pgid === leader.pid);
    const believed =
      vouched || inGroup.some((row) => isMarked(row) || members.get(row.pid) === row.startTicks);
    const group = believed && leader !== null && inGroup.length > 0 ? leader.pid : null;
    if (group !== null) for (const row of inGroup) members.set(row.pid, row.startTicks);
    const belongs = (row: ProcessRow) =>
      (group !== null && row.pgid === group) || (scope === 'all' && isMarked(row));
    return { group, rows: rows.filter(belongs), hidden };
  }

  return {
    all: () => search('all', false),
    groupOnly: () => search('group', false),
    groupAtExit: () => search('group', true),
  };
}
