import type { Readable, Writable } from 'node:stream';

/** Sends header-framed requests by hand and counts whole answers, so that the other side is what is measured. */
export class EchoDriver {
  readonly #output: Writable;
  #answered: () => void = () => undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #wanted = 0;
  #id = 0;

  constructor(input: Readable, output: Writable) {
    this.#output = output;
    input.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** One request at a time; the median in microseconds. */
  async roundTripUs(count: number, params: string): Promise<number> {
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      const frame = Buffer.from(this.#frame('bench/echo', params));
      const start = performance.now();
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
        this.#output.write(frame);
      });
      times.push((performance.now() - start) * 1000);
    }
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)] ?? 0;
  }

  /** So many requests in flight all the time; requests a second. */
  async pipelinedPerSecond(count: number, inFlight: number, params: string): Promise<number> {
    const start = performance.now();
    let sent = 0;
    let received = 0;
    await new Promise<void>((resolve) => {
      let due = inFlight;
      const send = (): void => {
        let batch = '';
        for (; due > 0 && sent < count; due--, sent++) batch += this.#frame('bench/echo', params);
        if (batch !== '') this.#output.write(batch);
      };
      this.#answered = () => {
        received++;
        due++;
        if (received === count) resolve();
        // Answers that came in one chunk are replaced in one write, for every host alike.
        else if (due === 1) setImmediate(send);
      };
      send();
    });
    return count / ((performance.now() - start) / 1000);
  }

  /** Opens the session, as header frames ask for. Hosts without sessions echo it. */
  async initialize(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#answered = resolve;
      this.#output.write(this.#frame('initialize', '{"capabilities":{}}'));
    });
  }

  #frame(method: string, params: string): string {
    const text = `{"jsonrpc":"2.0","id":${++this.#id},"method":"${method}","params":${params}}`;
    return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  }

  #read(chunk: Buffer): void {
    this.#pieces.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#wanted) return;
    let buffer = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    let answers = 0;
    this.#wanted = 0;
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end === -1) break;
      const frame = end + 4 + Number(buffer.toString('latin1', 16, end));
      if (buffer.length < frame) {
        this.#wanted = frame;
        break;
      }
      buffer = buffer.subarray(frame);
      answers++;
    }
    this.#pieces = buffer.length === 0 ? [] : [buffer];
    this.#bytes = buffer.length;
    for (; answers > 0; answers--) this.#answered();
  }
}
