import type { Writable } from 'node:stream';

export interface OutboxOptions {
  /**
   * Whether more answers are likely within this tick. While it says so, answers wait for each other and go out in one
   * write: a write costs 5-10 µs, a request that needs no I/O less.
   */
  readonly moreComing: () => boolean;
  /** The other side cannot be written to any more. Called once. */
  readonly onBroken: (error: Error) => void;
}

/** Ticks an answer may wait for others. One tick handles one message, so this bounds the wait to some 100 µs. */
const patienceTicks = 16;
/** Characters from which waiting saves nothing. */
const fullBatch = 64 * 1024;

/** The one writer of a connection: whole messages, in order, several to a write when they come together. */
export class Outbox {
  readonly #stream: Writable;
  readonly #options: OutboxOptions;
  #batch = '';
  #scheduled = false;
  #ticks = 0;
  #closed = false;

  constructor(stream: Writable, options: OutboxOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on('error', (error: Error) => {
      if (this.#closed) return;
      this.#closed = true;
      options.onBroken(error);
    });
  }

  /** About how many bytes wait for the other side to read. */
  get backlog(): number {
    return this.#stream.writableLength + this.#batch.length;
  }

  /** Whether more than so many bytes were written that the other side has not read; `onDrain` then tells when it has. */
  isStuck(bytes: number): boolean {
    return this.#stream.writableNeedDrain && this.#stream.writableLength > bytes;
  }

  send(text: string): void {
    if (this.#closed) return;
    this.#batch = this.#batch === '' ? text : this.#batch + text;
    if (this.#batch.length >= fullBatch) this.#flush();
    else if (!this.#scheduled) this.#schedule();
  }

  /** Calls back once, when what was written has been read. */
  onDrain(callback: () => void): void {
    this.#stream.once('drain', callback);
  }

  /** Sends what waits, then ends the stream. Resolves when it is out, or the other side is gone. */
  async end(): Promise<void> {
    this.#flush();
    const wasClosed = this.#closed;
    this.#closed = true;
    if (wasClosed || this.#stream.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.end(resolve);
    });
  }

  /** Drops what waits: nobody reads it. */
  destroy(): void {
    this.#closed = true;
    this.#stream.destroy();
  }

  #schedule(): void {
    this.#scheduled = true;
    this.#ticks = 0;
    if (this.#options.moreComing()) setImmediate(this.#tick);
    else queueMicrotask(this.#tick);
  }

  readonly #tick = (): void => {
    if (this.#batch !== '' && this.#options.moreComing() && ++this.#ticks < patienceTicks) {
      setImmediate(this.#tick);
      return;
    }
    this.#scheduled = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#batch === '' || this.#closed) return;
    const batch = this.#batch;
    this.#batch = '';
    this.#stream.write(batch);
  }
}
