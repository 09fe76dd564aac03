import type { Framing } from '../kernel/session-port.js';
import { HeaderBlock, shown } from './header-block.js';

export interface FrameLimits {
  /** Bytes of one message, without its header. */
  readonly messageBytes: number;
  /** Bytes of one header block. */
  readonly headerBytes: number;
}

export const defaultFrameLimits: FrameLimits = { messageBytes: 16 * 1024 * 1024, headerBytes: 8 * 1024 };

/** A declared length up to this is skipped when it is over the limit; beyond it the stream is given up instead of read for hours. */
const skippableBytes = 1024 * 1024 * 1024;

export type Frame =
  | { readonly kind: 'message'; readonly body: Buffer }
  /** `fatal`: nothing after it can be told apart, the connection has to close. */
  | { readonly kind: 'refused'; readonly message: string; readonly fatal: boolean };

const plainHeader = /^Content-Length: (\d{1,15})\r\n\r\n/;
const newline = 10;
const blanks: ReadonlySet<number> = new Set([9, newline, 13, 32]);

/** The bytes of one message as they go out, for either framing. */
export function encodeFrame(framing: Framing, text: string): string {
  return framing === 'lines' ? `${text}\n` : `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/**
 * Cuts a byte stream into messages, without I/O. The framing is recognised from the first byte that is not blank: `C` or
 * `c` begins a header block, anything else a line. Every byte is looked at once, however the chunks fall.
 *
 * `push` chunks in, take frames with `next` until it is undefined, and call `end` at the end of the stream: a last line
 * needs no newline.
 */
export class FrameDecoder {
  readonly #limits: FrameLimits;
  #framing: Framing | null = null;
  #chunks: Buffer[] = [];
  /** The next unread byte, in the first chunk. */
  #offset = 0;
  /** Pieces of a line or body that began in an earlier chunk. */
  #pieces: Buffer[] = [];
  #piecesBytes = 0;
  #headers: HeaderBlock | null = null;
  /** The length of the body that comes next; null while a line or a header is read. */
  #bodyBytes: number | null = null;
  #skipBytes = 0;
  #skippingLine = false;
  #ended = false;
  #dead = false;

  constructor(limits: FrameLimits = defaultFrameLimits) {
    this.#limits = limits;
  }

  /** Null until the first byte that is not blank. */
  get framing(): Framing | null {
    return this.#framing;
  }

  push(chunk: Buffer): void {
    if (chunk.length > 0 && !this.#dead) this.#chunks.push(chunk);
  }

  /** The stream has ended. */
  end(): void {
    this.#ended = true;
  }

  /** Recognises the framing anew from the next byte. */
  restart(): void {
    this.#framing = null;
  }

  /** The next frame, or undefined when more bytes are needed. */
  next(): Frame | undefined {
    if (this.#dead) return undefined;
    if (this.#framing === null && !this.#detect()) return undefined;
    return this.#framing === 'lines' ? this.#nextLine() : this.#nextHeaderFrame();
  }

  #detect(): boolean {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      while (this.#offset < chunk.length && blanks.has(chunk[this.#offset] ?? 0)) this.#offset++;
      const first = chunk[this.#offset];
      if (first !== undefined) {
        this.#framing = first === 0x43 || first === 0x63 ? 'headers' : 'lines';
        return true;
      }
      this.#dropChunk();
    }
    return false;
  }

  #nextLine(): Frame | undefined {
    for (;;) {
      const limit = this.#skippingLine ? Number.POSITIVE_INFINITY : this.#limits.messageBytes;
      const line = this.#takeLine(limit);
      if (line === 'over') {
        this.#skippingLine = true;
        return refusedSize(this.#limits.messageBytes);
      }
      if (line === undefined) return this.#lastLine();
      if (this.#skippingLine) this.#skippingLine = false;
      else if (!isBlank(line)) return { kind: 'message', body: line };
    }
  }

  #lastLine(): Frame | undefined {
    if (!this.#ended || this.#skippingLine) return undefined;
    const rest = this.#joinPieces();
    return isBlank(rest) ? undefined : { kind: 'message', body: rest };
  }

  #nextHeaderFrame(): Frame | undefined {
    for (;;) {
      if (this.#skipBytes > 0 && !this.#skip()) return this.#cutShort();
      if (this.#bodyBytes !== null) {
        const body = this.#takeBytes(this.#bodyBytes);
        if (body === undefined) return this.#cutShort();
        this.#bodyBytes = null;
        return { kind: 'message', body };
      }
      const plain = this.#headers?.empty === false ? null : this.#plainHeader();
      if (plain !== null) {
        const refused = this.#enterBody(plain);
        if (refused !== null) return refused;
        continue;
      }
      this.#headers ??= new HeaderBlock(this.#limits.headerBytes);
      const line = this.#takeLine(this.#headers.remainingBytes);
      if (line === undefined) return this.#cutShort();
      if (line === 'over') {
        return this.#die(`Expected a header block of at most ${this.#limits.headerBytes} bytes, got more.`);
      }
      const fault = this.#headers.add(line);
      if (fault !== null) return this.#die(fault);
      if (this.#headers.complete) {
        const refused = this.#enterBody(this.#headers);
        if (refused !== null) return refused;
      }
    }
  }

  /** The header block nearly every client sends, when it came in one piece: 1 µs less a message than line by line. */
  #plainHeader(): Pick<HeaderBlock, 'length' | 'charset'> | null {
    const text = this.#chunks[0]?.toString('latin1', this.#offset, this.#offset + 40);
    const match = this.#piecesBytes === 0 && text !== undefined ? plainHeader.exec(text) : null;
    if (match?.[1] === undefined) return null;
    this.#offset += match[0].length;
    return { length: Number(match[1]), charset: 'utf-8' };
  }

  #enterBody({ length, charset }: Pick<HeaderBlock, 'length' | 'charset'>): Frame | null {
    this.#headers = null;
    if (length === null) return this.#die('Expected a header Content-Length, got none.');
    if (length > skippableBytes) return this.#die(`Expected a sane Content-Length, got ${length}.`);
    const refused =
      length > this.#limits.messageBytes
        ? refusedSize(this.#limits.messageBytes, length)
        : charset !== 'utf-8' && charset !== 'utf8'
          ? refusedCharset(charset)
          : null;
    if (refused === null) this.#bodyBytes = length;
    else this.#skipBytes = length;
    return refused;
  }

  /** At the end of the stream: whether it ended between two messages. */
  #cutShort(): Frame | undefined {
    const between = this.#bodyBytes === null && this.#headers?.empty !== false && this.#piecesBytes === 0;
    if (!this.#ended || between || this.#skipBytes > 0) return undefined;
    return this.#die('Expected the rest of a message, got the end of the stream.');
  }

  #die(message: string): Frame {
    this.#dead = true;
    this.#chunks = [];
    this.#pieces = [];
    return { kind: 'refused', message, fatal: true };
  }

  /** The bytes before the next newline, without it. `over`: more than the limit came without one; they are forgotten. */
  #takeLine(limit: number): Buffer | 'over' | undefined {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const at = chunk.indexOf(newline, this.#offset);
      const end = at === -1 ? chunk.length : at;
      if (this.#piecesBytes + end - this.#offset > limit) {
        this.#forgetPieces();
        if (at === -1) this.#dropChunk();
        else this.#offset = at;
        return 'over';
      }
      if (at !== -1) {
        const rest = chunk.subarray(this.#offset, at);
        this.#offset = at + 1;
        if (this.#offset === chunk.length) this.#dropChunk();
        return this.#joinPieces(rest);
      }
      if (limit !== Number.POSITIVE_INFINITY) this.#addPiece(chunk.subarray(this.#offset));
      this.#dropChunk();
    }
    return undefined;
  }

  #takeBytes(count: number): Buffer | undefined {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const wanted = count - this.#piecesBytes;
      const available = chunk.length - this.#offset;
      if (available >= wanted) {
        const rest = chunk.subarray(this.#offset, this.#offset + wanted);
        this.#offset += wanted;
        if (this.#offset === chunk.length) this.#dropChunk();
        return this.#joinPieces(rest);
      }
      this.#addPiece(chunk.subarray(this.#offset));
      this.#dropChunk();
    }
    return count === this.#piecesBytes ? this.#joinPieces() : undefined;
  }

  #skip(): boolean {
    for (let chunk = this.#chunks[0]; chunk !== undefined && this.#skipBytes > 0; chunk = this.#chunks[0]) {
      const step = Math.min(this.#skipBytes, chunk.length - this.#offset);
      this.#skipBytes -= step;
      this.#offset += step;
      if (this.#offset === chunk.length) this.#dropChunk();
    }
    return this.#skipBytes === 0;
  }

  #dropChunk(): void {
    this.#chunks.shift();
    this.#offset = 0;
  }

  #addPiece(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#piecesBytes += piece.length;
  }

  #joinPieces(last?: Buffer): Buffer {
    if (this.#pieces.length === 0) return last ?? Buffer.alloc(0);
    const joined = Buffer.concat(last === undefined ? this.#pieces : [...this.#pieces, last]);
    this.#forgetPieces();
    return joined;
  }

  #forgetPieces(): void {
    this.#pieces = [];
    this.#piecesBytes = 0;
  }
}

function refusedSize(limit: number, length?: number): Frame {
  const got = length === undefined ? 'more' : `${length}`;
  return {
    kind: 'refused',
    message: `Expected a message of at most ${limit} bytes, got ${got}: too large.`,
    fatal: false,
  };
}

function refusedCharset(charset: string): Frame {
  return { kind: 'refused', message: `Expected the charset utf-8, got ${shown(charset)}.`, fatal: false };
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) {
    if (!blanks.has(byte)) return false;
  }
  return true;
}
