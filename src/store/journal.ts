import type { ValueRecord } from '../kernel/value/value.js';

/** What a decide concluded, one item of it. An event that concerns a run names it in `runId`. */
export interface JournalEvent extends ValueRecord {
  readonly type: string;
}

/** A line given back by replay, in order of seq. */
export interface ReplayedLine {
  readonly seq: number;
  /** Milliseconds since 1970, as given to append. */
  readonly time: number;
  readonly epoch: number;
  readonly events: readonly JournalEvent[];
}

/** The journal as the engine sees it: the port of workflow/ports.ts, kept on files by {@link JournalWriter}. */
export interface Journal {
  /** The fencing token of this daemon: the number in `lock.<epoch>`. */
  readonly epoch: number;
  /** The seq of the newest line appended (in memory), 0 for an empty journal. */
  readonly seq: number;
  /**
   * Appends one line and answers its seq at once; it reaches the disk with the next group commit. A lazy line (a hint such
   * as a pid) starts no commit by itself and rides with the next one. Nothing was appended when it throws: Failure
   * `storage_failed` when the writer is poisoned or closed, `limit_exceeded` for a line over 1 MiB.
   */
  append(time: number, events: readonly JournalEvent[], options?: { readonly lazy?: boolean }): number;
  /**
   * Resolves when every line up to seq is on disk (fdatasync returned), at once when it is; rejects with Failure
   * `storage_failed`. Waiting for a lazy line starts a commit.
   */
  synced(seq: number): Promise<void>;
  /** Called once for each batch, in order, with the newest synced seq, before `synced` resolves. It must not throw. */
  onSynced: ((seq: number) => void) | null;
  /** Called once when the writer is poisoned: nothing more will be acknowledged. */
  onFailed: ((error: Error) => void) | null;
  /** Whether a submit may be accepted: false when the disk has less than the reserve free, or the writer failed. */
  acceptsWork(): boolean;
}
