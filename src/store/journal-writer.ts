import type { JournalPosition } from '../../state/schema.js';
import type { Clock } from '../kernel/clock.js';
import { errorCode } from '../kernel/error-code.js';
import { Failure } from '../kernel/failure.js';
import type { Log } from '../kernel/log.js';
import { stringifyJson } from '../kernel/value/json.js';
import type { DiskSpace } from './disk-space.js';
import { writeWhole } from './durable-file.js';
import { lockLost } from './epoch-lock.js';
import type { FilePort } from './file-port.js';
import type { Journal, JournalEvent } from './journal.js';
import { type Draft, encodeBatch } from './line.js';
import type { PositionTable } from './position-table.js';
import { createSegment, segmentPath } from './segment.js';

export interface JournalLimits {
  /** A segment that has reached this many bytes is followed by a new one. */
  readonly segmentBytes: number;
  /** The longest list of events, as JSON in UTF-8. */
  readonly lineBytes: number;
  /** Lines beyond this many characters wait for the next batch. */
  readonly batchCharacters: number;
}

export interface OpenSegment {
  readonly number: number;
  readonly fd: number;
  /** The end of what was acknowledged: the next batch is written here. */
  readonly size: number;
}

export interface JournalTip {
  readonly seq: number;
  readonly hash: string;
  readonly batch: number;
}

export interface JournalWriterOptions {
  readonly files: FilePort;
  readonly folder: string;
  readonly epoch: number;
  readonly stateId: string;
  readonly tip: JournalTip;
  readonly segment: OpenSegment;
  readonly positions: PositionTable;
  readonly space: DiskSpace;
  readonly limits: JournalLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether another daemon has taken the state directory over. */
  readonly fenced: () => boolean;
  readonly observer: JournalObserver;
}

/** Whoever keeps a state in step with the journal inside the store. */
export interface JournalObserver {
  appended(seq: number, events: readonly JournalEvent[]): void;
  synced(seq: number): void;
}

interface SealedBatch {
  readonly bytes: Uint8Array;
  readonly toSeq: number;
}

/** A promise that all who wait for lines of one batch share: of 128 writers each would else cost its own. */
interface Promised {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The one writer of the journal, with group commit: the lines that gather while a sync is under way form the next batch, and
 * a batch is written only after the one before it was synced (engine-semantics A2, A4). A batch costs one write and one
 * fdatasync. What happens when they fail is engine-semantics A3, and stands in {@link JournalWriter.#store}.
 */
export class JournalWriter implements Journal {
  readonly epoch: number;
  onSynced: ((seq: number) => void) | null = null;
  onFailed: ((error: Error) => void) | null = null;
  readonly #options: JournalWriterOptions;
  #segment: OpenSegment;
  #tip: JournalTip;
  #seq: number;
  /** The newest line that somebody waits for; lazy lines after it start no commit. */
  #wanted: number;
  #queue: Draft[] = [];
  /** Who waits for the batch that is being written, and for what is queued behind it. */
  #written: Promised | null = null;
  #queued: Promised | null = null;
  /** The newest line of the batch that is being written. */
  #writing = 0;
  #busy = false;
  #failure: Failure | null = null;
  #warning: string | null = null;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    this.#segment = options.segment;
    this.#tip = options.tip;
    this.#seq = options.tip.seq;
    this.#wanted = options.tip.seq;
  }

  get seq(): number {
    return this.#seq;
  }

  /** The newest line that is on disk, and the place after it. */
  get head(): JournalPosition {
    return { ...this.#tip, segment: this.#segment.number, offset: this.#segment.size };
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** What the writer survived and an operator must know; null when all is well. */
  get warning(): string | null {
    return this.#warning;
  }

  append(time: number, events: readonly JournalEvent[], options?: { readonly lazy?: boolean }): number {
    if (this.#failure !== null) throw this.#failure;
    const text = stringifyJson(events);
    const { lineBytes } = this.#options.limits;
    // A UTF-16 unit is at most three bytes of UTF-8, so short texts need no count.
    if (text.length * 3 > lineBytes && Buffer.byteLength(text) > lineBytes) {
      throw new Failure(
        'limit_exceeded',
        `Expected the events of a step to take at most ${lineBytes} bytes.`,
        {
          expected: `at most ${lineBytes} bytes`,
          got: `${Buffer.byteLength(text)} bytes`,
          advice: 'Pass large values in files and their paths in the workflow.',
        },
      );
    }
    this.#seq += 1;
    this.#queue.push({ seq: this.#seq, time: Math.trunc(time), events: text });
    this.#options.observer.appended(this.#seq, events);
    if (options?.lazy !== true) this.#want(this.#seq);
    return this.#seq;
  }

  synced(seq: number): Promise<void> {
    if (seq <= this.#tip.seq) return Promise.resolve();
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (seq > this.#seq)
      return Promise.reject(new RangeError(`Line ${seq} was not appended; the newest is ${this.#seq}.`));
    this.#want(seq);
    if (seq <= this.#writing) {
      this.#written ??= promised();
      return this.#written.promise;
    }
    this.#queued ??= promised();
    return this.#queued.promise;
  }

  acceptsWork(): boolean {
    return this.#failure === null && this.#options.space.acceptsWork();
  }

  /** Syncs what was appended, unless the writer is poisoned, refuses further lines and closes the file. */
  async close(): Promise<void> {
    if (this.#failure === null) await this.synced(this.#seq).catch(() => undefined);
    this.#failure ??= new Failure('storage_failed', 'The journal is closed: the daemon is ending.');
    // Everything in it is synced or given up: nothing hangs on this.
    await this.#options.files.close(this.#segment.fd).catch(() => undefined);
  }

  #want(seq: number): void {
    this.#wanted = Math.max(this.#wanted, seq);
    if (this.#busy) return;
    this.#busy = true;
    // Not a microtask: every request that this turn of the loop still reads shares the batch.
    setImmediate(() => void this.#commit());
  }

  async #commit(): Promise<void> {
    try {
      await this.#writeBatch(this.#takeLines());
    } catch (error) {
      await this.#poison(error);
      return;
    }
    this.#busy = false;
    const { seq } = this.#tip;
    const written = this.#written;
    this.#written = null;
    if (this.#wanted > seq) this.#want(this.#wanted);
    this.#options.observer.synced(seq);
    this.onSynced?.(seq);
    written?.resolve();
  }

  #takeLines(): readonly Draft[] {
    let characters = 0;
    const end = this.#queue.findIndex((line, index) => {
      characters += line.events.length;
      return index > 0 && characters > this.#options.limits.batchCharacters;
    });
    const lines = end < 0 ? this.#queue : this.#queue.slice(0, end);
    this.#queue = end < 0 ? [] : this.#queue.slice(end);
    this.#writing = this.#tip.seq + lines.length;
    if (end < 0) {
      // Else some of those who wait need the rest as well: they are told together.
      this.#written = this.#queued;
      this.#queued = null;
    }
    return lines;
  }

  async #writeBatch(lines: readonly Draft[]): Promise<void> {
    this.#refuseWhenFenced();
    if (this.#segment.size >= this.#options.limits.segmentBytes) await this.#startSegment(null);
    const number = this.#tip.batch + 1;
    const { text, hash } = encodeBatch({ number, epoch: this.epoch, lines }, this.#tip.hash);
    const bytes = Buffer.from(text);
    await this.#store({ bytes, toSeq: this.#tip.seq + lines.length });
    // Again, before anything is acknowledged: who took over after the sync has read these lines, who came before has not.
    this.#refuseWhenFenced();
    this.#tip = { seq: this.#tip.seq + lines.length, hash, batch: number };
    this.#options.positions.note(this.head);
  }

  /**
   * Brings the bytes of a batch to the disk. A write that failed is cut off and tried once more after the reserve was given
   * back. A sync that failed is never tried on that file again, because the kernel marks the lost pages clean: the batch goes
   * to a new segment that supersedes it there.
   */
  async #store(batch: SealedBatch): Promise<void> {
    const { files, space, log } = this.#options;
    const { fd, size } = this.#segment;
    const { bytes } = batch;
    try {
      await writeWhole(files, fd, bytes, size);
    } catch (error) {
      await files.truncate(fd, size);
      await files.sync(fd);
      // EFBIG: this file may not grow, a new one may.
      if (errorCode(error) === 'EFBIG') return this.#startSegment(batch);
      if (!(await space.releaseReserve())) throw error;
      log.warn(
        { err: error },
        'The disk is full: the reserve was released so that running work can be recorded.',
      );
      await writeWhole(files, fd, bytes, size);
    }
    try {
      await files.datasync(fd);
    } catch (error) {
      log.error(
        { err: error },
        'A sync of the journal failed: its last lines are written again to a new segment.',
      );
      await this.#startSegment(batch);
      this.#warning =
        'A sync of the journal failed once and was survived: check the disk of the state directory.';
      return;
    }
    this.#segment = { ...this.#segment, size: size + bytes.byteLength };
  }

  /** Goes on in a new segment, whose first lines are the batch that is in doubt in the old one, if there is one. */
  async #startSegment(inDoubt: SealedBatch | null): Promise<void> {
    const { files, folder, stateId, clock, positions } = this.#options;
    const old = this.#segment;
    const number = old.number + 1;
    const firstSeq = this.#tip.seq + 1;
    const { fd, size } = await createSegment(
      files,
      segmentPath(folder, number),
      {
        segment: number,
        firstSeq,
        prev: this.#tip.hash,
        createdAt: clock.now(),
        stateId,
        epoch: this.epoch,
        ...(inDoubt === null
          ? {}
          : { supersedes: { segment: old.number, fromSeq: firstSeq, toSeq: inDoubt.toSeq } }),
      },
      inDoubt?.bytes ?? '',
    );
    this.#segment = { number, fd, size };
    const length = inDoubt?.bytes.byteLength ?? 0;
    positions.startSegment({ ...this.#tip, segment: number, offset: size - length });
    // Nothing depends on the old file any more, and a failing disk may refuse even this.
    await files.close(old.fd).catch(() => undefined);
  }

  #refuseWhenFenced(): void {
    if (this.#options.fenced()) throw lockLost(this.epoch);
  }

  async #poison(error: unknown): Promise<void> {
    const { files, log, fenced } = this.#options;
    const failure = error instanceof Failure ? error : storageFailure(error);
    this.#failure = failure;
    this.#queue = [];
    log.error({ err: error }, 'The journal cannot be written: nothing more is acknowledged.');
    this.#written?.reject(failure);
    this.#queued?.reject(failure);
    this.onFailed?.(failure);
    // What was refused must not come back at the next start. Only a wish: the next start can also tell the tail by itself.
    if (!fenced()) await files.truncate(this.#segment.fd, this.#segment.size).catch(() => undefined);
  }
}

function storageFailure(cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure(
    'storage_failed',
    `The journal could not be written: ${reason}`,
    { got: reason },
    { cause },
  );
}

function promised(): Promised {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  return { promise, resolve, reject };
}
