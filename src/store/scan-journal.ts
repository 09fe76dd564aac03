import type { SegmentHeader } from '../../state/events.js';
import type { JournalPosition } from '../../state/schema.js';
import { damage } from './damage.js';
import type { FilePort } from './file-port.js';
import type { Line } from './line.js';
import type { PositionTable } from './position-table.js';
import { isUnfinishedBatch, type Reached, readLines } from './read-lines.js';
import { readHeader, readSegment, segmentName, segmentNumbers } from './segment.js';

const newline = 0x0a;

export interface ScanRequest {
  readonly files: FilePort;
  /** The journal's folder. */
  readonly folder: string;
  readonly stateId: string;
  /** Where the checkpoint says to start; null: at the first segment. */
  readonly from: JournalPosition | null;
  /** The seq that the checkpoint covers: lines up to it are checked but not answered. */
  readonly covered: number;
  /** Lines known to be on disk, by a checkpoint or a clean stop. */
  readonly known: readonly { readonly seq: number; readonly hash: string }[];
  readonly positions: PositionTable;
}

export interface Scan {
  /** The newest good line, seq 0 when there is none. */
  readonly tip: { readonly seq: number; readonly hash: string; readonly batch: number };
  /** The lines that the checkpoint does not cover, in order. */
  readonly lines: readonly Line[];
  /** The newest segment, 0 for an empty journal. */
  readonly lastSegment: number;
  /** The last batch as far as it is good, when nothing vouches for its sync; else null. */
  readonly inDoubt: InDoubt | null;
  readonly torn: TornTail | null;
}

export interface InDoubt {
  readonly segment: number;
  readonly firstSeq: number;
  /** The hash of the line before firstSeq. */
  readonly prev: string;
  readonly bytes: Uint8Array;
}

/** An unfinished, unacknowledged batch at the end, from its first bad line on. */
export interface TornTail {
  readonly segment: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** The seq its first line would have. */
  readonly seq: number;
}

interface Segment {
  readonly header: SegmentHeader;
  /** Offset of the first line below the header. */
  readonly body: number;
}

/**
 * Reads the journal from a place to its end and checks every line against the chain. A bad line at the very end belongs to a
 * batch that was never acknowledged when no line of a later batch follows it and it comes after every line known to be on
 * disk; it is answered as {@link TornTail}. Anything else that is wrong throws Failure `state_damaged` (engine-semantics A4).
 * Changes nothing.
 */
export async function scanJournal(request: ScanRequest): Promise<Scan> {
  const { files, folder, from, covered, positions } = request;
  const segments = await readHeaders(request);
  const known = new Map(
    [...request.known, ...(from === null ? [] : [from])].map((line) => [line.seq, line.hash]),
  );
  const uncovered: Line[] = [];
  let reached: Reached = { seq: 0, hash: '', batch: 0, ...from, place: 0, count: 0 };
  let inDoubt: InDoubt | null = null;
  let torn: TornTail | null = null;

  for (const [index, segment] of segments.entries()) {
    const { header } = segment;
    const name = segmentName(header.segment);
    const start = startIn(segment, reached, index === 0 ? from : null);
    positions.startSegment(placeAfter(start.reached, header.segment, start.offset));
    // From the newline before the place on, which also tells whether the file still has it.
    const base = start.offset - 1;
    const bytes = await readSegment(files, folder, header.segment, base);
    if (bytes[0] !== newline) throw damage(name, `line ${start.reached.seq} does not end at byte ${base}`);
    // From there on the lines of this segment are void: a later one has them again, or they were never acknowledged.
    const voidFrom = Math.min(...segments.slice(index + 1).map((later) => later.header.firstSeq));
    const { lines, end } = readLines(bytes, 1, start.reached, voidFrom);
    for (const line of lines) {
      if (line.seq > covered) uncovered.push(line);
      if (line.place === line.count) positions.note(placeAfter(line, header.segment, base + line.end));
      if (line.hash !== (known.get(line.seq) ?? line.hash)) {
        throw damage(name, `line ${line.seq} is not the one that db.json or journal/head names`);
      }
    }
    reached = lines.at(-1) ?? start.reached;
    inDoubt = lastBatch(header.segment, bytes, lines);
    // The lines that a segment superseded were on disk before it got its name, the last batch among them as far as it went.
    if (reached.seq === header.supersedes?.toSeq) reached = { ...reached, place: 0, count: 0 };
    if (end >= bytes.length || reached.seq + 1 >= voidFrom) continue;
    torn = { segment: header.segment, offset: base + end, bytes: bytes.subarray(end), seq: reached.seq + 1 };
    if (index < segments.length - 1 || !isUnfinishedBatch(bytes, end, reached)) {
      throw damage(
        name,
        `line ${torn.seq} at byte ${torn.offset} is bad, and good lines were written after it`,
      );
    }
  }
  const onDisk = Math.max(0, ...known.keys(), ...segments.map(({ header }) => header.supersedes?.toSeq ?? 0));
  if (reached.seq < onDisk) {
    throw damage(
      'the journal',
      `it is good up to line ${reached.seq}, but line ${onDisk} was on disk already`,
    );
  }
  const { seq, hash, batch } = reached;
  return {
    tip: { seq, hash, batch },
    lines: uncovered,
    lastSegment: segments.at(-1)?.header.segment ?? 0,
    inDoubt: seq > onDisk ? inDoubt : null,
    torn,
  };
}

function placeAfter({ seq, hash, batch }: Reached, segment: number, offset: number): JournalPosition {
  return { seq, hash, batch, segment, offset };
}

/** Where to start in a segment, and the line that its first one must follow. `from` is given for the first segment only. */
function startIn(
  { header, body }: Segment,
  reached: Reached,
  from: JournalPosition | null,
): { readonly offset: number; readonly reached: Reached } {
  if (header.segment === from?.segment) return { offset: from.offset, reached };
  if (from !== null && header.firstSeq <= from.seq) {
    // It has lines of an older segment again; how the batch before them was numbered does not matter.
    return {
      offset: body,
      reached: { seq: header.firstSeq - 1, hash: header.prev, batch: 0, place: 0, count: 0 },
    };
  }
  if (header.firstSeq - 1 === reached.seq && header.prev === reached.hash) return { offset: body, reached };
  throw damage(
    segmentName(header.segment),
    `it starts with line ${header.firstSeq}, which does not follow line ${reached.seq}: a segment is missing or foreign`,
  );
}

/** The segments to read: from the newest one that starts at or before the place. */
async function readHeaders({ files, folder, stateId, from }: ScanRequest): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for (const number of segmentNumbers(await files.list(folder)).reverse()) {
    const segment = await readHeader(files, folder, number);
    if (segment === null || segment.header.segment !== number) {
      throw damage(segmentName(number), 'its first line is no header of it');
    }
    if (segment.header.stateId !== stateId) {
      throw damage(
        segmentName(number),
        `it belongs to the state ${segment.header.stateId}, this is ${stateId}`,
      );
    }
    segments.unshift(segment);
    if (from !== null && (number <= from.segment || segment.header.firstSeq <= from.seq + 1)) break;
  }
  return segments;
}

function lastBatch(segment: number, bytes: Buffer, lines: readonly Line[]): InDoubt | null {
  const last = lines.at(-1);
  const first = last === undefined ? undefined : lines.at(-last.place);
  if (first === undefined || last === undefined) return null;
  return { segment, firstSeq: first.seq, prev: first.prev, bytes: bytes.subarray(first.start, last.end) };
}
