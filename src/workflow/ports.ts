import type { Value, ValueRecord } from '../kernel/value/value.js';

/**
 * The ports through which the engine reaches the world (engine-semantics E). The embedded set is the journal in
 * `store/` and the p-queue dispatcher in `dispatcher/`; each has an in-memory twin in the tests.
 */

/** One journal line: everything a decide concluded, all or nothing at replay. Events are plain JSON values. */
export interface JournalEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface Journal {
  /** The fencing token of this daemon: the number in `lock.<epoch>`. */
  readonly epoch: number;
  /** The seq of the newest line appended (in memory), 0 for an empty journal. */
  readonly seq: number;
  /**
   * Appends one line and answers its seq at once; it reaches the disk with the next group commit. A lazy line (a hint
   * such as a pid) starts no commit by itself and rides with the next one. Throws Failure `storage_failed` when the writer
   * is poisoned (nothing was appended then).
   */
  append(time: number, events: readonly JournalEvent[], options?: { readonly lazy?: boolean }): number;
  /** Resolves when every line up to seq is on disk (fdatasync returned); rejects with Failure `storage_failed`. Resolves at once when it is. */
  synced(seq: number): Promise<void>;
  /** Called once for each advance, with the newest synced seq: one callback a batch, in order. Set once, by the engine. */
  onSynced: ((seq: number) => void) | null;
  /** Called once when the writer is poisoned: nothing more will be acknowledged. */
  onFailed: ((error: Error) => void) | null;
  /** Whether a submit may be accepted: false when the disk has less than the reserve free, or the writer failed. */
  acceptsWork(): boolean;
}

/** A fully evaluated piece of work: plain JSON, no callback, no signal. Paths are absolute on this host. */
export interface AttemptOrder {
  /** `<run>/<task>[<item>]/<generation>.<attempt>@<epoch>`; the tag of its processes is `<state-id>/<attemptId>`. */
  readonly attemptId: string;
  readonly runId: string;
  readonly taskId: string;
  /** Index of a for_each item, else null. */
  readonly item: number | null;
  readonly attempt: number;
  readonly epoch: number;
  readonly idempotencyKey: string;
  readonly action: OrderAction;
  readonly input: Value | undefined;
  readonly cwd: string;
  /** The folder that paths of the workflow count from, and that targets of templates stay in. */
  readonly root: string;
  /** The whole environment of the process, but for the tag. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number | null;
  readonly graceMs: number;
}

/** The action of an order: the task's action with every expression evaluated. */
export type OrderAction =
  | {
      readonly kind: 'nu';
      readonly module: string;
      readonly command: string;
      readonly args: readonly Value[];
      readonly flags: ValueRecord;
    }
  | {
      readonly kind: 'script';
      readonly path: string;
      readonly args: readonly Value[];
      readonly flags: ValueRecord;
    }
  | { readonly kind: 'code'; readonly source: string }
  | { readonly kind: 'exec'; readonly argv: readonly string[] }
  | { readonly kind: 'template'; readonly path: string; readonly context: Value; readonly target: string }
  | { readonly kind: 'call'; readonly method: string; readonly params: Value };

/** Why an attempt ended without success, as a task shows it. */
export interface AttemptError {
  readonly name: string;
  readonly message: string;
  /** Nushell's code, span, label, help; the exit code; the named processes. */
  readonly data?: ValueRecord;
}

export type AttemptOutcome =
  /** `leftovers`: processes of the group that were ended after the success, for the log. */
  | { readonly outcome: 'succeeded'; readonly output: Value }
  /** `retryable` false: the same call can only fail again (a parse error, an invalid argument, an unreadable module). */
  | { readonly outcome: 'error'; readonly error: AttemptError; readonly retryable: boolean }
  /** Told to stop (or swept at recovery), its processes are confirmed gone, and it left no complete result. */
  | { readonly outcome: 'gone' }
  /** Not confirmed gone at the kill deadline. */
  | { readonly outcome: 'unkillable'; readonly pids: readonly number[] };

/** What the dispatcher reports, at least once and in any order. */
export interface DispatchReports {
  /** A hint for recovery and for people; the tag is the key. */
  spawned(attemptId: string, process: { pid: number; startTicks: string | null }): void;
  /** The attempt has run for its timeoutMs; the engine answers with stop(). */
  timedOut(attemptId: string): void;
  finished(attemptId: string, outcome: AttemptOutcome): void;
}

/** What recovery knows of an attempt that was live when the former daemon died. */
export interface UnsettledAttempt {
  readonly attemptId: string;
  readonly runId: string;
  readonly kind: OrderAction['kind'];
  readonly graceMs: number;
}

export interface Dispatcher {
  /** Runs an order. Idempotent by attemptId. */
  dispatch(order: AttemptOrder): void;
  /** SIGCONT, SIGTERM, after graceMs SIGKILL; `force`: SIGKILL now. Ends in a `finished` report. Unknown ids are ignored. */
  stop(attemptId: string, how: { readonly graceMs: number; readonly force?: boolean }): void;
  /**
   * Settles an attempt of a former daemon (engine-semantics A1, B "5."): a complete result file → its result after its
   * group ended; else everything of the attempt is swept → `gone` or `unkillable`.
   */
  settle(attempt: UnsettledAttempt): Promise<AttemptOutcome>;
  /** Resolves when no attempt is live. */
  idle(): Promise<void>;
}

/** Calls back at a wall time in milliseconds, at once when it has passed; the returned function takes it back. */
export type Alarm = (at: number, callback: () => void) => () => void;

/** A run as the store files it. */
export interface RunToStore {
  readonly id: string;
  /** The line that submitted it. */
  readonly firstSeq: number;
  /** Its row in the index, once it has ended. */
  readonly finished: FinishedRow | null;
  /** Its snapshot. */
  readonly content: Value;
}

/** A finished run in the index. Times are milliseconds since the epoch. */
export interface FinishedRow {
  readonly id: string;
  /** The line that ended it. */
  readonly seq: number;
  readonly workflow: string;
  readonly state: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly idempotencyKey: string | null;
}

export interface IdempotencyKey {
  readonly key: string;
  readonly digest: string;
  readonly runId: string;
  readonly time: number;
}

/** Where runs are kept beside the journal; `store/` has it on files. */
export interface RunStore {
  readonly checkpointed: {
    readonly seq: number;
    readonly liveRuns: readonly string[];
    readonly idempotency: readonly IdempotencyKey[];
  } | null;
  /** Gives back every line that the checkpoint does not cover, in order. */
  replay(
    apply: (line: {
      readonly seq: number;
      readonly time: number;
      readonly events: readonly JournalEvent[];
    }) => void,
  ): void;
  /** Files runs, then the checkpoint that covers `seq`. What is handed over must not change until it resolved. */
  checkpoint(checkpoint: {
    readonly seq: number;
    readonly runs: readonly RunToStore[];
    readonly liveRuns: readonly string[];
    readonly counters: Readonly<Record<string, number>>;
    readonly idempotency: readonly IdempotencyKey[];
  }): Promise<void>;
  /** Null when there is no such run. */
  readRun(id: string): Promise<(RunToStore & { readonly seq: number }) | null>;
  /** Finished runs, newest first. */
  listFinished(
    query: FinishedQuery,
  ): Promise<{ readonly runs: readonly FinishedRow[]; readonly nextCursor: string | null }>;
  runEvents(query: {
    readonly runId: string;
    readonly firstSeq: number;
    readonly since: number;
    readonly limit: number;
  }): Promise<{
    readonly events: readonly { readonly seq: number; readonly time: number; readonly event: JournalEvent }[];
    readonly nextSince: number | null;
  }>;
  /** Writes a file of a run, durable on return. */
  putBlob(
    runId: string,
    name: string,
    bytes: Uint8Array,
  ): Promise<{ readonly size: number; readonly sha256: string }>;
  /** Null when there is no such file. */
  getBlob(runId: string, name: string): Promise<Uint8Array | null>;
}

export interface FinishedQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly workflow?: string;
  readonly state?: string;
  readonly labels?: Readonly<Record<string, string>>;
}
