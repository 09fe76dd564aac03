/** Messages handed over but not begun: more would only lengthen the queue, one message is begun a tick. */
const undispatchedLimit = 32;

export interface PacingOptions {
  /** Requests in flight from which a new one is refused as busy. */
  readonly inFlightLimit: number;
  /** Bytes of their messages from which a new one is refused as busy. */
  readonly inFlightBytes: number;
  /** How long reading may wait for an answer to go out before it goes on, in milliseconds. */
  readonly stallMs: number;
  /** Reading may go on. */
  readonly resume: () => void;
}

/**
 * Decides when a connection reads on. A script that pipes in ten thousand lines is slowed to the pace of its answers, so
 * none of them is refused; but requests that do not end (`run/wait`) must not keep a cancel from being read, so when no
 * answer went out for a while reading goes on, and from the limit on new requests are refused as busy.
 */
export class Pacing {
  readonly #options: PacingOptions;
  readonly #softLimit: number;
  #undispatched = 0;
  #inFlight = 0;
  #bytes = 0;
  #stalled = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #whenIdle: (() => void)[] = [];

  constructor(options: PacingOptions) {
    this.#options = options;
    this.#softLimit = Math.ceil(options.inFlightLimit / 2);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether more messages wait for their tick. */
  get queued(): boolean {
    return this.#undispatched > 0;
  }

  /** Whether a new request is over the limits. */
  get full(): boolean {
    return this.#inFlight >= this.#options.inFlightLimit || this.#bytes >= this.#options.inFlightBytes;
  }

  /** Whether the next message may be read now; when not, `resume` is called once it may. */
  get open(): boolean {
    if (this.#undispatched >= undispatchedLimit) return false;
    if (this.#stalled || this.#inFlight < this.#softLimit) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#stalled = true;
      this.#options.resume();
    }, this.#options.stallMs);
    return false;
  }

  accepted(bytes: number): void {
    this.#inFlight++;
    this.#bytes += bytes;
  }

  queue(): void {
    this.#undispatched++;
  }

  begun(): void {
    this.#undispatched--;
    this.#options.resume();
    this.#checkIdle();
  }

  answered(bytes: number): void {
    this.#inFlight--;
    this.#bytes -= bytes;
    this.#stalled = false;
    this.#stopTimer();
    this.#options.resume();
    this.#checkIdle();
  }

  /** Resolves once nothing is queued or running, or nobody waits for it any longer. */
  async idle(): Promise<void> {
    if (this.#isIdle) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Waits for nothing any more. */
  giveUp(): void {
    this.#stopTimer();
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  get #isIdle(): boolean {
    return this.#inFlight === 0 && this.#undispatched === 0;
  }

  #checkIdle(): void {
    if (this.#isIdle) this.giveUp();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
