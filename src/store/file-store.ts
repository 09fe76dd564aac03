import { dirname, join } from 'node:path';
import { journalClosed } from '../../state/events.js';
import { schemaVersion } from '../../state/schema.js';
import type { Clock } from '../kernel/clock.js';
import { errorCode } from '../kernel/error-code.js';
import { Failure } from '../kernel/failure.js';
import type { Log } from '../kernel/log.js';
import type { HeldSocket } from './abstract-socket.js';
import type { DiskSpace } from './disk-space.js';
import type { Documents } from './documents.js';
import { type EpochLock, lockLost } from './epoch-lock.js';
import type { FilePort } from './file-port.js';
import type { Folders } from './folders.js';
import type { ReplayedLine } from './journal.js';
import type { JournalWriter } from './journal-writer.js';
import type { KvState } from './kv.js';
import { type Line, lineEvents } from './line.js';
import type { PositionTable } from './position-table.js';
import { isFileName, putBlob, runFile } from './run-blobs.js';
import { readRunEvents } from './run-events.js';
import type { RunIndex } from './run-index.js';
import type {
  Checkpointed,
  CheckpointState,
  FinishedPage,
  FinishedQuery,
  RunEventsPage,
  RunEventsQuery,
  RunState,
  Store,
  StoredBlob,
  StoredRun,
} from './store.js';

/**
 * So much of what a checkpoint covers is read again at the next start, in bytes: damage in the newest part of the journal
 * shows at once, for about 10 ms.
 */
const checkedAgain = 1_048_576;

export interface StoreParts {
  readonly files: FilePort;
  readonly directory: string;
  readonly stateId: string;
  readonly lock: EpochLock;
  readonly socket: HeldSocket;
  readonly clock: Clock;
  readonly log: Log;
  readonly space: DiskSpace;
  readonly folders: Folders;
  readonly documents: Documents;
  readonly positions: PositionTable;
  readonly journal: JournalWriter;
  readonly kv: KvState;
  readonly index: RunIndex;
  readonly unique: () => string;
  /** The lines that replay gives back. */
  readonly lines: readonly Line[];
  readonly findings: readonly string[];
}

/** The store on files, as {@link openStore} puts it together. */
export class FileStore implements Store {
  readonly journal: JournalWriter;
  readonly stateId: string;
  readonly epoch: number;
  readonly directory: string;
  readonly checkpointed: Checkpointed;
  readonly findings: readonly string[];
  readonly kv: KvState;
  readonly #parts: StoreParts;
  #lines: readonly Line[];
  /** The seq of the last checkpoint that is whole on disk. */
  #covered: number;
  /** The revision of the keys that kv.json holds. */
  #storedKv = 0;
  #checkpoints: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.journal = parts.journal;
    this.stateId = parts.stateId;
    this.epoch = parts.lock.epoch;
    this.directory = parts.directory;
    this.checkpointed = parts.documents.checkpoint.data;
    this.findings = parts.findings;
    this.kv = parts.kv;
    this.#lines = parts.lines;
    this.#covered = this.checkpointed.seq;
  }

  replay(apply: (line: ReplayedLine) => void): void {
    const lines = this.#lines;
    this.#lines = [];
    for (const line of lines) {
      const events = lineEvents(line);
      if (events.every((event) => event.type === journalClosed)) continue;
      apply({ seq: line.seq, time: line.time, epoch: line.epoch, events });
    }
  }

  checkpoint(state: CheckpointState): Promise<void> {
    const written = this.#checkpoints.then(() => this.#writeCheckpoint(state).catch(rejectAsFailure));
    this.#checkpoints = written.catch(() => undefined);
    return written;
  }

  async readRun(id: string): Promise<StoredRun | null> {
    return isFileName(id) ? this.#parts.documents.readRun(id) : null;
  }

  listFinished(query: FinishedQuery): Promise<FinishedPage> {
    return this.#parts.index.list(query);
  }

  runEvents(query: RunEventsQuery): Promise<RunEventsPage> {
    const { files, directory, positions, journal } = this.#parts;
    return readRunEvents({ files, folder: join(directory, 'journal'), positions, head: journal.head }, query);
  }

  putBlob(runId: string, name: string, bytes: Uint8Array | string): Promise<StoredBlob> {
    return putBlob(this.#parts, runId, name, bytes).catch(rejectAsFailure);
  }

  getBlob(runId: string, name: string): Promise<Uint8Array | null> {
    return this.#parts.files.readFile(runFile(this.directory, runId, name));
  }

  health(): { readonly ok: boolean; readonly message?: string } {
    const { failure, warning } = this.journal;
    if (failure !== null) return { ok: false, message: failure.message };
    const message =
      warning ?? (this.journal.acceptsWork() ? null : 'The disk is nearly full: new runs are refused.');
    return message === null ? { ok: true } : { ok: true, message };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { clock, journal, lock, log, socket, space } = this.#parts;
    await this.#checkpoints;
    try {
      if (journal.failure === null) {
        await journal.synced(journal.append(clock.now(), [{ type: journalClosed }]));
        await this.#writeHead();
      }
    } catch (error) {
      // The next start reads the journal to its end without the head.
      log.error({ err: error }, 'The journal could not be ended cleanly.');
    }
    await space.settled();
    await journal.close();
    // Before the word that the lock is free, so that whoever reads it finds the socket free as well.
    await socket.close();
    if (lock.fenced()) return;
    await lock.release().catch((error: unknown) => {
      log.error({ err: error }, 'The lock could not be given back: it is free once this process has ended.');
    });
  }

  /** The documents belong to whoever has the lock. */
  #refuseWhenFenced(): void {
    if (this.#parts.lock.fenced()) throw lockLost(this.epoch);
  }

  async #writeHead(): Promise<void> {
    const { documents, journal } = this.#parts;
    const { seq, hash } = journal.head;
    documents.head.data = { schemaVersion, seq, hash };
    await documents.head.write();
  }

  /** The order is engine-semantics A5: whatever a crash leaves, each document says what it covers, and db.json comes last. */
  async #writeCheckpoint(state: CheckpointState): Promise<void> {
    const { documents, folders, index, journal, kv, positions } = this.#parts;
    await journal.synced(state.seq);
    this.#refuseWhenFenced();
    const folderOf = (run: RunState): string => dirname(runFile(this.directory, run.id, 'run.json'));
    await folders.ensure(...state.runs.map(folderOf));
    for (const { id, firstSeq, finished, content } of state.runs) {
      await documents.writeRun({ schemaVersion, id, seq: state.seq, firstSeq, finished, content });
    }
    const finished = state.runs.filter((run) => run.finished !== null);
    await index.append(
      finished.flatMap((run) => run.finished ?? []),
      this.#covered,
    );
    for (const run of finished) folders.forget(folderOf(run));
    // Keys may be newer than the checkpoint: replay skips what the document says it covers.
    const { seq, hash } = journal.head;
    const { revision } = kv;
    if (revision !== this.#storedKv) {
      documents.kv.data = { schemaVersion, seq, entries: kv.entries() };
      await documents.kv.write();
      this.#storedKv = revision;
    }
    this.#refuseWhenFenced();
    documents.checkpoint.data = {
      schemaVersion,
      seq: state.seq,
      from: positions.before(state.seq, checkedAgain),
      head: { seq, hash },
      liveRuns: [...state.liveRuns],
      counters: { ...state.counters },
      idempotency: [...state.idempotency],
    };
    await documents.checkpoint.write();
    this.#covered = state.seq;
    await this.#writeHead();
  }
}

/** A failed system call below is a failed disk to whoever asked. */
export function rejectAsFailure(error: unknown): never {
  if (error instanceof Failure || errorCode(error) === undefined || !(error instanceof Error)) throw error;
  throw new Failure(
    'storage_failed',
    `The state directory could not be written: ${error.message}`,
    { got: error.message },
    { cause: error },
  );
}
