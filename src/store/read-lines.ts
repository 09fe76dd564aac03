import { type Line, parseLine } from './line.js';

/** What the next line must follow: the line before it, or the place where reading starts. */
export interface Reached {
  readonly seq: number;
  readonly hash: string;
  readonly batch: number;
  /** Place and count of the line in its batch; 0 of 0 where a batch begins. */
  readonly place: number;
  readonly count: number;
}

/** The good lines from `start` on, in order, up to the first bad line, the line `voidFrom`, or the end. */
export function readLines(
  bytes: Buffer,
  start: number,
  after: Reached,
  voidFrom: number,
): { readonly lines: readonly Line[]; readonly end: number } {
  const lines: Line[] = [];
  let reached = after;
  let end = start;
  while (end < bytes.length && reached.seq + 1 < voidFrom) {
    const line = parseLine(bytes, end);
    if (line === null || !follows(line, reached)) break;
    lines.push(line);
    reached = line;
    end = line.end;
  }
  return { lines, end };
}

function follows(line: Line, before: Reached): boolean {
  if (line.seq !== before.seq + 1 || line.prev !== before.hash || line.place > line.count) return false;
  if (line.batch === before.batch) return line.place === before.place + 1 && line.count === before.count;
  // A batch that a crash cut short is followed by the next one.
  return line.batch > before.batch && line.place === 1;
}

/**
 * Whether the bad line at `start` can be the trace of a crash: it belongs to the batch of the line before it, or to the next
 * batch when that one was complete, and no good line of a later batch follows. Blocks of one batch may reach the disk in any
 * order and number (engine-semantics A4).
 */
export function isUnfinishedBatch(bytes: Buffer, start: number, before: Reached): boolean {
  const torn = before.place < before.count ? before.batch : before.batch + 1;
  for (let next = bytes.indexOf(0x0a, start) + 1; next > 0; next = bytes.indexOf(0x0a, next) + 1) {
    const line = parseLine(bytes, next);
    if (line !== null && line.batch > torn) return false;
  }
  return true;
}
