import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** Appends a line of ours to an attempt's log, marked as such. A log promises nothing, so a full disk is no reason to fail. */
export function noteInLog(file: string, sentence: string): void {
  try {
    appendFileSync(file, `nu-sidecar: ${sentence}\n`, { mode: 0o600 });
  } catch {}
}

const TAIL_BYTES = 16 * 1024;

/** The end of a file as text, at most 16 KiB; empty when there is no file. */
export function logTail(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a text that are not empty, without control characters. */
export function lastLines(text: string, count: number): readonly string[] {
  const lines = text.split('\n').map(stripControls);
  return lines.filter((line) => line.trim() !== '').slice(-count);
}

/** A line without colours, cursor movements and other control characters, so that a log cannot write to a terminal. */
export function stripControls(line: string): string {
  return stripVTControlCharacters(line).replace(/(?!\t)\p{Cc}/gu, '');
}
