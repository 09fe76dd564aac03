import { join } from 'node:path';
import { type FinishedRun, finishedRunSchema } from '../../state/schema.js';
import { replaceFileDurably, writeWhole } from './durable-file.js';
import type { FilePort } from './file-port.js';
import type { Folders } from './folders.js';
import type { FinishedPage, FinishedQuery } from './store.js';

const newline = 0x0a;
const chunkBytes = 65_536;
/** A search ends its page after this many rows, about 50 ms of reading. */
const maxRowsRead = 20_000;

/**
 * The index of finished runs: `index/YYYY-MM.jsonl` by the month (UTC) in which they ended, append-only, newest last. It is
 * derived: each row also stands in the document of its run. Nothing of it is held in memory.
 */
export class RunIndex {
  readonly #files: FilePort;
  readonly #folder: string;
  readonly #folders: Folders;

  constructor(files: FilePort, folder: string, folders: Folders) {
    this.#files = files;
    this.#folder = folder;
    this.#folders = folders;
  }

  exists(): boolean {
    return this.#files.exists(this.#folder);
  }

  /**
   * Adds runs, durable on return. `covered` is the seq of the last whole checkpoint: rows after it, or torn ones, are what is
   * left of a checkpoint that was cut short, and their runs come again.
   */
  async append(runs: readonly FinishedRun[], covered: number): Promise<void> {
    if (runs.length === 0) return;
    await this.#folders.ensure(this.#folder);
    for (const [month, rows] of byMonth(inOrder(runs))) await this.#appendTo(month, rows, covered);
  }

  /** Writes the whole index anew. */
  async rebuild(runs: readonly FinishedRun[], unique: () => string): Promise<void> {
    await this.#folders.ensure(this.#folder);
    for (const [month, rows] of byMonth(inOrder(runs))) {
      await replaceFileDurably(
        this.#files,
        join(this.#folder, `${month}.jsonl`),
        rows.map(rowText),
        unique(),
      );
    }
  }

  async list(query: FinishedQuery): Promise<FinishedPage> {
    const [fromMonth, fromOffset] = readCursor(query.cursor);
    const months = (await this.#months())
      .filter((month) => fromMonth === null || month <= fromMonth)
      .reverse();
    const runs: FinishedRun[] = [];
    let read = 0;
    for (const month of months) {
      const fd = await this.#files.open(join(this.#folder, `${month}.jsonl`), 'read');
      try {
        const before = month === fromMonth ? fromOffset : await this.#files.size(fd);
        for await (const { run, start } of this.#rows(fd, before)) {
          read += 1;
          if (run !== null && matches(run, query)) runs.push(run);
          if (runs.length >= query.limit || read >= maxRowsRead)
            return { runs, nextCursor: `${month}:${start}` };
        }
      } finally {
        await this.#files.close(fd);
      }
    }
    return { runs, nextCursor: null };
  }

  async #months(): Promise<string[]> {
    const names = await this.#files.list(this.#folder);
    return names.flatMap((name) => /^(\d{4,}-\d\d)\.jsonl$/.exec(name)?.[1] ?? []).sort();
  }

  async #appendTo(month: string, rows: readonly FinishedRun[], covered: number): Promise<void> {
    const path = join(this.#folder, `${month}.jsonl`);
    const isNew = !this.#files.exists(path);
    const fd = await this.#files.open(path, isNew ? 'create' : 'update');
    try {
      const size = await this.#files.size(fd);
      const end = await this.#endOfCovered(fd, size, covered);
      if (end < size) await this.#files.truncate(fd, end);
      await writeWhole(this.#files, fd, Buffer.from(rows.map(rowText).join('')), end);
      await this.#files.sync(fd);
    } finally {
      await this.#files.close(fd);
    }
    if (isNew) await this.#files.syncFolder(this.#folder);
  }

  async #endOfCovered(fd: number, size: number, covered: number): Promise<number> {
    for await (const { run, end } of this.#rows(fd, size)) {
      if (run !== null && run.seq <= covered) return end;
    }
    return 0;
  }

  /** The rows before an offset from the last to the first, each with its place in the file. */
  async *#rows(fd: number, before: number): AsyncGenerator<Row> {
    let from = before;
    let pending = Buffer.alloc(0);
    while (from > 0) {
      const length = Math.min(chunkBytes, from);
      from -= length;
      pending = Buffer.concat([await this.#files.read(fd, length, from), pending]);
      // The first piece may continue further up, unless this is the top.
      while (pending.length > 0) {
        const start = pending.lastIndexOf(newline, pending.length - 2) + 1;
        if (start === 0 && from > 0) break;
        yield { run: readRow(pending.subarray(start)), start: from + start, end: from + pending.length };
        pending = pending.subarray(0, start);
      }
    }
  }
}

interface Row {
  /** Null for a torn or foreign row: the index is derived, so it is passed over. */
  readonly run: FinishedRun | null;
  readonly start: number;
  readonly end: number;
}

function inOrder(runs: readonly FinishedRun[]): FinishedRun[] {
  return [...runs].sort((a, b) => a.seq - b.seq);
}

function rowText(run: FinishedRun): string {
  return `${JSON.stringify(run)}\n`;
}

function readRow(bytes: Buffer): FinishedRun | null {
  try {
    return finishedRunSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

function byMonth(runs: readonly FinishedRun[]): Map<string, FinishedRun[]> {
  const months = new Map<string, FinishedRun[]>();
  for (const run of runs) {
    const month = new Date(run.endedAt).toISOString().slice(0, 7);
    const rows = months.get(month);
    if (rows === undefined) months.set(month, [run]);
    else rows.push(run);
  }
  return months;
}

function matches(run: FinishedRun, { workflow, state, labels = {} }: FinishedQuery): boolean {
  if (workflow !== undefined && run.workflow !== workflow) return false;
  if (state !== undefined && run.state !== state) return false;
  return Object.entries(labels).every(
    ([name, value]) => Object.hasOwn(run.labels, name) && run.labels[name] === value,
  );
}

/** A cursor names the row that was given last: its month and the offset of its start. An unreadable one starts anew. */
function readCursor(cursor: string | undefined): readonly [string | null, number] {
  const found = /^(\d{4,}-\d\d):(\d{1,15})$/.exec(cursor ?? '');
  return found === null ? [null, 0] : [found[1] ?? null, Number(found[2])];
}
