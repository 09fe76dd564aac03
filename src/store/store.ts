import type { FinishedRun, IdempotencyEntry } from '../../state/schema.js';
import type { Clock } from '../kernel/clock.js';
import type { Log } from '../kernel/log.js';
import type { Value, ValueRecord } from '../kernel/value/value.js';
import type { ProcessIdentity } from '../process/identity.js';
import type { HeldSocket } from './abstract-socket.js';
import type { FilePort } from './file-port.js';
import type { Journal, JournalEvent, ReplayedLine } from './journal.js';

/** A state directory that this process owns: the journal, and the documents that it makes durable. */
export interface Store {
  readonly journal: Journal;
  /** Names this state directory for ever: the tag of its processes, the chain, the abstract socket. */
  readonly stateId: string;
  /** The fencing token: the number in `lock.<epoch>`. */
  readonly epoch: number;
  readonly directory: string;
  /** The checkpoint that the last daemon left, after which replay starts; of seq 0 and without runs when there is none. */
  readonly checkpointed: Checkpointed;
  /** What opening found and cured, one sentence each, for the log and for `doctor`. */
  readonly findings: readonly string[];
  /**
   * Gives back, once, every line that the checkpoint does not cover, in order. An event may still be covered by the document
   * of its run: skip those at or below the document's seq. Throws what `apply` throws.
   */
  replay(apply: (line: ReplayedLine) => void): void;
  /**
   * Makes the state as of line `seq` the place where the next start begins: changed run documents and the finished runs'
   * index rows first, db.json last. Everything is serialised after this call returned its promise, in slices: what is handed
   * over must not change until then. Rejects with Failure `storage_failed`, and then nothing was lost: the older checkpoint
   * counts. Checkpoints queue up behind each other.
   */
  checkpoint(state: CheckpointState): Promise<void>;
  /** The stored document of a run; null when there is none, also for an id that cannot be one. Throws Failure `state_damaged` for one that cannot be read. */
  readRun(id: string): Promise<StoredRun | null>;
  /** Finished runs, newest first. */
  listFinished(query: FinishedQuery): Promise<FinishedPage>;
  /** The events of a run after line `since` (0: all), from the journal; on disk only. `nextSince` is null at the end. */
  runEvents(query: RunEventsQuery): Promise<RunEventsPage>;
  readonly kv: Kv;
  /** Writes a file of a run, durable on return: `definition.json`, `out/<name>`. Throws Failure `storage_failed`. */
  putBlob(runId: string, name: string, bytes: Uint8Array | string): Promise<StoredBlob>;
  /** Null when there is no such file. */
  getBlob(runId: string, name: string): Promise<Uint8Array | null>;
  /** `ok` is false once nothing more is acknowledged; a message with `ok` true is a warning. */
  health(): { readonly ok: boolean; readonly message?: string };
  /** Ends the journal with `journal.closed`, gives the lock back. What was not checkpointed is replayed at the next start. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Absolute. Made if missing, 0700. */
  readonly directory: string;
  readonly identity: ProcessIdentity;
  readonly clock: Clock;
  readonly log: Log;
  readonly files?: FilePort;
  /** Takes the directory from a holder that cannot be judged from here (another host or pid namespace of this boot). */
  readonly takeOver?: boolean;
  readonly limits?: Partial<StoreLimits>;
  /** Judges the holder of a lock; by default from its pid, start time and boot. */
  readonly liveness?: (identity: ProcessIdentity) => 'dead' | 'alive' | 'unknown';
  /** Holds the socket that tells of a live owner; null when another process has it. By default an abstract unix socket. */
  readonly holdSocket?: (stateId: string) => Promise<HeldSocket | null>;
}

export interface StoreLimits {
  /** Submits are refused below this much free space, in bytes. */
  readonly minFreeBytes: number;
  /** The file that is given up on a full disk, in bytes. */
  readonly reserveBytes: number;
  /** A segment of the journal that has reached this size is followed by a new one, in bytes. */
  readonly segmentBytes: number;
  /** The events of one line, in bytes of JSON. */
  readonly lineBytes: number;
}

/** What a store promises unless it is told otherwise. */
export const defaultLimits: StoreLimits = {
  minFreeBytes: 64 * 1_048_576,
  reserveBytes: 4 * 1_048_576,
  segmentBytes: 16 * 1_048_576,
  lineBytes: 1_048_576,
};
export interface CheckpointState {
  /** The newest line whose effects are in what is handed over. It need not be on disk yet: the checkpoint waits. */
  readonly seq: number;
  /** Runs that changed since their document was last written, ended ones included. */
  readonly runs: readonly RunState[];
  /** Every run that has not ended. */
  readonly liveRuns: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  readonly idempotency: readonly IdempotencyEntry[];
}

export interface RunState {
  readonly id: string;
  /** The line that submitted it. */
  readonly firstSeq: number;
  /** Its row in the index, once it has ended. */
  readonly finished: FinishedRun | null;
  /** The engine's own document. Long lists and records in it (tasks, items) are serialised in slices. */
  readonly content: Value;
}

export interface StoredRun extends RunState {
  /** The newest line whose effects are in it. */
  readonly seq: number;
}

export interface Checkpointed {
  readonly seq: number;
  readonly liveRuns: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  readonly idempotency: readonly IdempotencyEntry[];
}

export interface FinishedQuery {
  /** At most so many rows. A page may be shorter and still have a next one: a search looks at a bounded part at a time. */
  readonly limit: number;
  readonly cursor?: string;
  readonly workflow?: string;
  readonly state?: string;
  /** Labels that a run must have, with these values. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface FinishedPage {
  readonly runs: readonly FinishedRun[];
  readonly nextCursor: string | null;
}

export interface RunEventsQuery {
  readonly runId: string;
  /** The run's `firstSeq`: the search starts there. */
  readonly firstSeq: number;
  readonly since: number;
  /** At most so many events, but never less than one whole line. */
  readonly limit: number;
}

export interface RunEvent {
  readonly seq: number;
  readonly time: number;
  readonly event: JournalEvent;
}

export interface RunEventsPage {
  readonly events: readonly RunEvent[];
  readonly nextSince: number | null;
}

/** The user's own keys, as of the newest synced line. Change them by appending `kv.put {key, value}` or `kv.delete {key}`. */
export interface Kv {
  get(key: string): Value | undefined;
  /** Pairs in order of key; with `prefix`, those whose key starts with it. */
  list(prefix?: string): readonly (readonly [string, Value])[];
}

export interface StoredBlob {
  readonly size: number;
  readonly sha256: string;
}

/** The events by which the user's keys change. */
export type KvEvent =
  | (ValueRecord & { readonly type: 'kv.put'; readonly key: string; readonly value: Value })
  | (ValueRecord & { readonly type: 'kv.delete'; readonly key: string });
