import type { JournalPosition } from '../../state/schema.js';
import { damage } from './damage.js';
import type { FilePort } from './file-port.js';
import { type Line, lineEvents, parseLine } from './line.js';
import type { PositionTable } from './position-table.js';
import { readHeader, readSegment, segmentName, segmentNumbers } from './segment.js';
import type { RunEvent, RunEventsPage, RunEventsQuery } from './store.js';

const newline = 0x0a;

export interface EventsSource {
  readonly files: FilePort;
  readonly folder: string;
  readonly positions: PositionTable;
  /** The place after the newest line on disk. */
  readonly head: JournalPosition;
}

/** Reads the events of a run from the journal. The search is for the run's name in the bytes; only hits are parsed. */
export async function readRunEvents(source: EventsSource, query: RunEventsQuery): Promise<RunEventsPage> {
  const { files, folder, head } = source;
  const after = Math.max(query.since, query.firstSeq - 1);
  const start = await placeBefore(source, after);
  const numbers = segmentNumbers(await files.list(folder)).filter(
    (number) => number >= start.segment && number <= head.segment,
  );
  const events: RunEvent[] = [];
  let newest = after;
  for (const [index, segment] of numbers.entries()) {
    const voidFrom = await firstSeqOf(source, numbers[index + 1]);
    const from = segment === start.segment ? start.offset : 0;
    const bytes = await readSegment(
      files,
      folder,
      segment,
      from,
      segment === head.segment ? head.offset : null,
    );
    for (const line of linesNaming(bytes, query.runId, segmentName(segment))) {
      if (line.seq <= newest) continue;
      if (line.seq >= voidFrom) break;
      const own = lineEvents(line).filter((event) => event['runId'] === query.runId);
      events.push(...own.map((event) => ({ seq: line.seq, time: line.time, event })));
      newest = line.seq;
      if (events.length >= query.limit) return { events, nextSince: newest };
    }
  }
  return { events, nextSince: null };
}

/** The first line of the segment after this one, which voids what this one has from there on. */
async function firstSeqOf(
  { files, folder, head }: EventsSource,
  segment: number | undefined,
): Promise<number> {
  if (segment === undefined) return head.seq + 1;
  const found = await readHeader(files, folder, segment);
  if (found === null) throw damage(segmentName(segment), 'its first line is no header of it');
  return found.header.firstSeq;
}

async function placeBefore(
  { files, folder, positions, head }: EventsSource,
  seq: number,
): Promise<JournalPosition> {
  const known = positions.before(seq);
  if (known !== null) return known;
  // Written before this daemon started: the headers tell.
  for (const segment of segmentNumbers(await files.list(folder)).reverse()) {
    const found = segment <= head.segment ? await readHeader(files, folder, segment) : null;
    if (found === null || found.header.firstSeq > seq + 1) continue;
    return { seq: found.header.firstSeq - 1, hash: found.header.prev, batch: 0, segment, offset: found.body };
  }
  return { seq: 0, hash: '', batch: 0, segment: 0, offset: 0 };
}

function* linesNaming(bytes: Buffer, runId: string, file: string): Generator<Line> {
  const needle = `"runId":${JSON.stringify(runId)}`;
  for (let hit = bytes.indexOf(needle); hit >= 0; ) {
    const start = bytes.lastIndexOf(newline, hit) + 1;
    const line = parseLine(bytes, start);
    if (line === null) throw damage(file, `the line with byte ${hit} is bad`);
    yield line;
    hit = bytes.indexOf(needle, line.end);
  }
}
