/** How far the two files of an attempt have been read, in bytes. */
export interface LogOffsets {
  readonly stdout: number;
  readonly log: number;
}

/** A place in the logs of a run: small, however many attempts there are, because few are read in part at a time. */
export interface LogCursor {
  /** Attempts before this place of the log index were looked at. */
  readonly seen: number;
  /** Those of them, by place, that are not read to their end; all others are. */
  readonly open: ReadonlyMap<number, LogOffsets>;
}

export const logStart: LogCursor = { seen: 0, open: new Map() };

/** Writes a cursor as text for a client, such as `7,4:0:120,6:20:0`. */
export function writeLogCursor(cursor: LogCursor): string {
  const open = [...cursor.open].map(([place, offsets]) => `${place}:${offsets.stdout}:${offsets.log}`);
  return [cursor.seen, ...open].join(',');
}

/** Reads the text of a cursor; null for a text that is none. */
export function readLogCursor(text: string): LogCursor | null {
  if (!/^\d{1,15}(?:,\d{1,15}:\d{1,15}:\d{1,15})*$/.test(text)) return null;
  const [seen = '', ...open] = text.split(',');
  const entries = open.map((part): [number, LogOffsets] => {
    const [place = 0, stdout = 0, log = 0] = part.split(':').map(Number);
    return [place, { stdout, log }];
  });
  return { seen: Number(seen), open: new Map(entries) };
}
