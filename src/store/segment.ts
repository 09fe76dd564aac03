import { dirname, join } from 'node:path';
import { type SegmentHeader, segmentHeaderSchema } from '../../state/events.js';
import { removeIfThere, writeNewFile } from './durable-file.js';
import type { FilePort } from './file-port.js';
import { seal, unseal } from './line.js';

/** `000001.jsonl`. The number grows by one; six digits keep a listing in order for a long time. */
export function segmentName(segment: number): string {
  return `${String(segment).padStart(6, '0')}.jsonl`;
}

export function segmentPath(journalFolder: string, segment: number): string {
  return join(journalFolder, segmentName(segment));
}

/** The numbers of the segments in a listing of the journal's folder, ascending. */
export function segmentNumbers(names: readonly string[]): number[] {
  return names
    .flatMap((name) => /^(\d{6,})\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export type HeaderFields = Omit<SegmentHeader, 'schemaVersion' | 'chainId' | 'crc' | 'hash'>;

function encodeHeader(fields: HeaderFields): string {
  const text = JSON.stringify({ schemaVersion: 1, ...fields, chainId: 0 });
  return seal(text.slice(0, -1)).text;
}

/** The longest header there can be, in bytes. */
const headerBytes = 4_096;

/** Reads the header of a segment and the offset of the line after it; null when it is damaged or there is none. */
export async function readHeader(
  files: FilePort,
  journalFolder: string,
  segment: number,
): Promise<{ readonly header: SegmentHeader; readonly body: number } | null> {
  const fd = await files.open(segmentPath(journalFolder, segment), 'read');
  try {
    const bytes = Buffer.from(await files.read(fd, headerBytes, 0));
    const sealed = unseal(bytes, 0);
    if (sealed === null) return null;
    const parsed = segmentHeaderSchema.safeParse(JSON.parse(bytes.toString('utf8', 0, sealed.end)));
    return parsed.success ? { header: parsed.data, body: sealed.end } : null;
  } finally {
    await files.close(fd);
  }
}

/** The bytes of a segment from an offset up to another one, or to its end. */
export async function readSegment(
  files: FilePort,
  journalFolder: string,
  segment: number,
  from: number,
  to: number | null = null,
): Promise<Buffer> {
  const fd = await files.open(segmentPath(journalFolder, segment), 'read');
  try {
    const end = to ?? (await files.size(fd));
    return Buffer.from(await files.read(fd, Math.max(0, end - from), from));
  } finally {
    await files.close(fd);
  }
}

/**
 * Makes a segment whole: its header and the lines it supersedes are on disk before it gets its name, so that a crash leaves
 * either the complete segment or none, and never a header that voids lines which stand nowhere else. Answers the open file
 * and its length. Fails with EEXIST when another daemon made it first.
 */
export async function createSegment(
  files: FilePort,
  path: string,
  header: HeaderFields,
  lines: Uint8Array | string,
): Promise<{ readonly fd: number; readonly size: number }> {
  const temporary = `${path}.${header.epoch}.tmp`;
  await removeIfThere(files, temporary);
  const content = Buffer.concat([Buffer.from(encodeHeader(header)), Buffer.from(lines)]);
  const fd = await writeNewFile(files, temporary, [content]);
  try {
    await files.link(temporary, path);
    await files.unlink(temporary);
    await files.syncFolder(dirname(path));
  } catch (error) {
    await files.close(fd);
    throw error;
  }
  return { fd, size: content.byteLength };
}
