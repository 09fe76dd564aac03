import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { DiskSpace } from './disk-space.js';
import { replaceFileDurably } from './durable-file.js';
import type { FilePort } from './file-port.js';
import type { Folders } from './folders.js';
import type { StoredBlob } from './store.js';

/**
 * Where a file of a run is: `runs/<run>/<name>`, the name in at most two parts. Throws for anything that could lead elsewhere,
 * which is a fault of the caller: ids are ours, and names that users choose are encoded before.
 */
export function runFile(directory: string, runId: string, name: string): string {
  const parts = [runId, ...name.split('/')];
  if (parts.length > 3 || !parts.every(isFileName))
    throw new RangeError(`Not a file of a run: ${JSON.stringify([runId, name])}.`);
  return join(directory, 'runs', ...parts);
}

/** Whether a text names a file in its folder, and nothing elsewhere. */
export function isFileName(text: string): boolean {
  return /^[^/\0]{1,200}$/.test(text) && text !== '.' && text !== '..';
}

export interface BlobWriter {
  readonly files: FilePort;
  readonly directory: string;
  readonly folders: Folders;
  readonly space: DiskSpace;
  readonly unique: () => string;
}

/** Writes a file of a run: on disk, name included, when this resolves. On a full disk the reserve is given up for it. */
export async function putBlob(
  { files, directory, folders, space, unique }: BlobWriter,
  runId: string,
  name: string,
  content: Uint8Array | string,
): Promise<StoredBlob> {
  const path = runFile(directory, runId, name);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  await space.withReserve(async () => {
    await folders.ensure(dirname(path));
    await replaceFileDurably(files, path, [bytes], unique());
  });
  return { size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}
