import { closeSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../kernel/error-code.js';

/** A longer line comes in pieces of this size. */
export const LONGEST_LINE_BYTES = 64 * 1024;

const NEWLINE = 10;

export interface LinesRead {
  readonly lines: readonly string[];
  /** Where to go on, in bytes. */
  readonly offset: number;
}

/**
 * Reads whole lines of a file from a byte offset on, at most `limit`. Of a file that still grows (`isGrowing`) an unfinished
 * last line is left for later, unless it is too long to wait for. Invalid UTF-8 becomes U+FFFD. No file: no lines.
 */
export function readLines(file: string, offset: number, limit: number, isGrowing: boolean): LinesRead {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { lines: [], offset };
    throw error;
  }
  try {
    const lines: string[] = [];
    const buffer = Buffer.alloc(LONGEST_LINE_BYTES);
    let at = offset;
    while (lines.length < limit) {
      const bytes = buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, at));
      const taken = takeLines(bytes, lines, limit, isGrowing);
      if (taken === 0) break;
      at += taken;
    }
    return { lines, offset: at };
  } finally {
    closeSync(descriptor);
  }
}

/** Moves lines of a piece of the file to `lines`; answers the bytes they and their ends have. */
function takeLines(bytes: Buffer, lines: string[], limit: number, isGrowing: boolean): number {
  let taken = 0;
  while (lines.length < limit) {
    const end = bytes.indexOf(NEWLINE, taken);
    if (end < 0) break;
    lines.push(bytes.toString('utf8', taken, end));
    taken = end + 1;
  }
  const isWholePiece = taken === 0 && bytes.length === LONGEST_LINE_BYTES;
  const isLastLine = bytes.length < LONGEST_LINE_BYTES && !isGrowing;
  if (taken < bytes.length && lines.length < limit && (isWholePiece || isLastLine)) {
    const end = isWholePiece ? characterBoundary(bytes) : bytes.length;
    lines.push(bytes.toString('utf8', taken, end));
    return end;
  }
  return taken;
}

/** The end of the last whole character: UTF-8 continuation bytes are 10xxxxxx. */
function characterBoundary(bytes: Buffer): number {
  for (let end = bytes.length - 1; end > bytes.length - 4; end -= 1) {
    const byte = bytes[end] ?? 0;
    if (byte < 0x80) return end + 1;
    if (byte >= 0xc0) return end;
  }
  return bytes.length;
}
