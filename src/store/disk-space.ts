import { join } from 'node:path';
import type { Clock } from '../kernel/clock.js';
import { errorCode } from '../kernel/error-code.js';
import type { Log } from '../kernel/log.js';
import { removeIfThere, writeNewFile } from './durable-file.js';
import type { FilePort } from './file-port.js';

export interface SpaceLimits {
  /** Submits are refused when fewer bytes are free. */
  readonly minFreeBytes: number;
  /** Size of the file that is given up so that the results of running work can still be recorded. */
  readonly reserveBytes: number;
}

/** Free space is looked at this often at most, in milliseconds; more often only while it is short. */
const lookEvery = 1_000;
/** The reserve is written in pieces of this size. */
const slice = 1_048_576;

/** Watches the free space of the state directory and keeps a reserve of real bytes for a full disk (engine-semantics A3). */
export class DiskSpace {
  readonly #files: FilePort;
  readonly #folder: string;
  readonly #limits: SpaceLimits;
  readonly #clock: Clock;
  readonly #log: Log;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #enough = false;
  #reserved = false;
  #restoring: Promise<void> | null = null;

  constructor(files: FilePort, folder: string, limits: SpaceLimits, clock: Clock, log: Log) {
    this.#files = files;
    this.#folder = folder;
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
  }

  get #path(): string {
    return join(this.#folder, 'reserve');
  }

  /** Looks for the reserve of an earlier daemon and makes one when there is room for it. */
  async open(): Promise<void> {
    this.#reserved = this.#files.exists(this.#path);
    this.acceptsWork();
    await this.settled();
  }

  /** Whether there is room for new work. Cheap: asks the file system at most once a second unless space is short. */
  acceptsWork(): boolean {
    const now = this.#clock.monotonic();
    if (this.#enough && now - this.#lookedAt < lookEvery) return true;
    this.#lookedAt = now;
    const freeBytes = this.#freeBytes();
    this.#enough = freeBytes >= this.#limits.minFreeBytes;
    if (!this.#reserved && freeBytes >= this.#limits.minFreeBytes + this.#limits.reserveBytes) {
      this.#restoring ??= this.#restore();
    }
    return this.#enough;
  }

  /** None where the folder cannot be asked about: then nothing can be written to it either. */
  #freeBytes(): number {
    try {
      return this.#files.space(this.#folder).freeBytes;
    } catch {
      return 0;
    }
  }

  /** Gives the reserve back to the file system; false when there was none. */
  async releaseReserve(): Promise<boolean> {
    await this.settled();
    this.#enough = false;
    if (!this.#reserved) return false;
    this.#reserved = false;
    await this.#files.unlink(this.#path);
    return true;
  }

  /** Does some work that writes; on a full disk once more after the reserve was given up for it. */
  async withReserve<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!isFull(error) || !(await this.releaseReserve())) throw error;
      this.#log.warn(
        { err: error },
        'The disk is full: the reserve was released so that running work can be recorded.',
      );
      return work();
    }
  }

  /** Resolves when the reserve is not being written. */
  async settled(): Promise<void> {
    await this.#restoring;
  }

  async #restore(): Promise<void> {
    const { reserveBytes } = this.#limits;
    // Not zeros that a file system could leave out: 0xff.
    const piece = new Uint8Array(slice).fill(0xff);
    function* pieces(): Iterable<Uint8Array> {
      for (let left = reserveBytes; left > 0; left -= slice) yield piece.subarray(0, Math.min(slice, left));
    }
    const temporary = `${this.#path}.tmp`;
    try {
      await removeIfThere(this.#files, temporary);
      await this.#files.close(await writeNewFile(this.#files, temporary, pieces()));
      await this.#files.rename(temporary, this.#path);
      this.#reserved = true;
    } catch (error) {
      this.#log.warn({ err: error }, 'The reserve for a full disk could not be made.');
    } finally {
      this.#restoring = null;
    }
  }
}

function isFull(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}
