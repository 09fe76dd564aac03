import { dirname } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import type { FilePort } from './file-port.js';

/** Text or bytes, whole or in pieces as they become ready. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file that must not exist, syncs it and leaves it open. On an error nothing stays open; the torn file is removed.
 * Throws the system's error; a write that the disk cut short is an ENOSPC.
 */
export async function writeNewFile(files: FilePort, path: string, pieces: Pieces): Promise<number> {
  const fd = await files.open(path, 'create');
  try {
    let position = 0;
    for await (const piece of pieces) {
      position += await writeWhole(
        files,
        fd,
        typeof piece === 'string' ? Buffer.from(piece) : piece,
        position,
      );
    }
    await files.sync(fd);
    return fd;
  } catch (error) {
    await files.close(fd);
    await removeIfThere(files, path).catch(() => undefined);
    throw error;
  }
}

/**
 * Replaces a file: a temporary file of a unique name, its sync, a rename. The new content is durable once the folder was
 * synced too, which is left to the caller, so that several files share one sync. `unique` tells writers of one path apart.
 */
async function replaceFile(files: FilePort, path: string, pieces: Pieces, unique: string): Promise<void> {
  const temporary = `${path}.${unique}.tmp`;
  const fd = await writeNewFile(files, temporary, pieces);
  await files.close(fd);
  await files.rename(temporary, path);
}

/** As {@link replaceFile}, durable on return. */
export async function replaceFileDurably(
  files: FilePort,
  path: string,
  pieces: Pieces,
  unique: string,
): Promise<void> {
  await replaceFile(files, path, pieces, unique);
  await files.syncFolder(dirname(path));
}

export async function removeIfThere(files: FilePort, path: string): Promise<void> {
  await files.unlink(path).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
}

/** Writes all bytes at `position` and answers their number. A short write is tried once more, to learn the reason. */
export async function writeWhole(
  files: FilePort,
  fd: number,
  bytes: Uint8Array,
  position: number,
): Promise<number> {
  let written = 0;
  while (written < bytes.byteLength) {
    const taken = await files.write(fd, bytes.subarray(written), position + written);
    if (taken === 0) throw Object.assign(new Error('The disk took no more bytes.'), { code: 'ENOSPC' });
    written += taken;
  }
  return written;
}
