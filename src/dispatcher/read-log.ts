import { existsSync } from 'node:fs';
import { pause } from '../kernel/signal.js';
import { attemptFiles } from './attempt-files.js';
import { type AttemptName, parseAttemptId } from './attempt-id.js';
import { stripControls } from './attempt-log.js';
import { type LogCursor, type LogOffsets, logStart } from './log-cursor.js';
import { readLogIndex } from './log-index.js';
import { readLines } from './read-lines.js';

/** One line that an attempt printed. */
export interface LogEntry extends AttemptName {
  readonly attemptId: string;
  /** An exec task keeps its streams apart; nu writes both to one file, in the order they came. */
  readonly stream: 'stdout' | 'stderr' | 'both';
  /** Without its end, and without control characters but the tab. */
  readonly text: string;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Where to go on. */
  readonly cursor: LogCursor;
  /** Everything that is there now was given; more can only come from live attempts or new ones. */
  readonly complete: boolean;
}

export interface LogQuery {
  readonly stateDirectory: string;
  readonly runId: string;
  /** Which attempts; default all. */
  readonly matches?: (attempt: AttemptName) => boolean;
  /** Default: from the beginning. */
  readonly since?: LogCursor;
  /** Most entries of a page. */
  readonly limit: number;
  /** Whether an attempt may still print: the unfinished last line of one that may is left for later. */
  readonly isLive: (attemptId: string) => boolean;
}

/**
 * Reads a page of what the attempts of a run printed: attempt after attempt, in the order they began. A cursor belongs to the
 * `matches` it was made with. What a server that a task left running prints after its attempt ended stays in the file.
 */
export function readLog(query: LogQuery): LogPage {
  const { since = logStart, matches = () => true } = query;
  const index = readLogIndex(query.stateDirectory, query.runId);
  const entries: LogEntry[] = [];
  const open = new Map(since.open);
  let seen = since.seen;
  let complete = true;

  const places = [...since.open.keys(), ...range(since.seen, index.length)];
  for (const place of places) {
    if (entries.length >= query.limit) {
      complete = false;
      break;
    }
    seen = Math.max(seen, place + 1);
    const attemptId = index[place] ?? '';
    const name = parseAttemptId(attemptId);
    if (name === null || !matches(name)) continue;
    // asked before reading: what is printed in between is then read the next time
    const isLive = query.isLive(attemptId);
    const read = readAttempt(
      query,
      attemptId,
      open.get(place) ?? fileStart,
      query.limit - entries.length,
      isLive,
    );
    for (const line of read.lines) entries.push({ ...name, attemptId, ...line });
    complete &&= read.complete;
    if (isLive || !read.complete) open.set(place, read.offsets);
    else open.delete(place);
  }
  return { entries, cursor: { seen, open }, complete };
}

const POLL_MS = 100;

/** As `readLog`, but when there is nothing new it waits up to `waitMs` milliseconds for something, or until the signal. */
export async function awaitLog(query: LogQuery, waitMs: number, signal: AbortSignal): Promise<LogPage> {
  const end = performance.now() + waitMs;
  for (;;) {
    const page = readLog(query);
    const left = end - performance.now();
    if (page.entries.length > 0 || left <= 0 || signal.aborted) return page;
    await pause(Math.min(POLL_MS, left), signal).catch(() => {});
  }
}

const fileStart: LogOffsets = { stdout: 0, log: 0 };

interface AttemptLines {
  readonly lines: readonly Pick<LogEntry, 'stream' | 'text'>[];
  readonly offsets: LogOffsets;
  /** Everything that is there was read. */
  readonly complete: boolean;
}

function readAttempt(
  { stateDirectory, runId }: LogQuery,
  attemptId: string,
  from: LogOffsets,
  limit: number,
  isLive: boolean,
): AttemptLines {
  const files = attemptFiles(stateDirectory, attemptId, runId);
  const isExec = existsSync(files.stdout);
  const stdout = readLines(files.stdout, from.stdout, limit, isLive);
  const log = readLines(files.stderr, from.log, limit - stdout.lines.length, isLive);
  const entry = (stream: LogEntry['stream']) => (line: string) => ({ stream, text: stripControls(line) });
  return {
    lines: [...stdout.lines.map(entry('stdout')), ...log.lines.map(entry(isExec ? 'stderr' : 'both'))],
    offsets: { stdout: stdout.offset, log: log.offset },
    complete: stdout.lines.length + log.lines.length < limit,
  };
}

function range(from: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - from) }, (_, index) => from + index);
}
