import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../kernel/failure.js';
import { throwIfCancelled } from '../kernel/signal.js';

/** Reads are cut so that a cancelled load of a large file stops soon. */
const chunkBytes = 4 << 20;

/** The whole content of an open file, which may be growing. Throws `limit_exceeded` beyond `limit` bytes. */
export async function readBytes(
  file: { readonly handle: FileHandle; readonly path: string; readonly size: number },
  limit: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  if (file.size > limit) throw tooLarge(file.path, limit, `${file.size} bytes`);
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    throwIfCancelled(signal);
    // One byte more than is expected tells the end, and whether the file has grown over the limit.
    const wanted = Math.min(chunkBytes, Math.max(file.size - total, 0) + 1);
    const chunk = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await file.handle.read(chunk, 0, wanted, total);
    if (bytesRead === 0) return Buffer.concat(chunks, total);
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
    if (total > limit) throw tooLarge(file.path, limit, 'more');
  }
}

function tooLarge(path: string, limit: number, got: string): Failure {
  return new Failure('limit_exceeded', `Expected at most ${limit} bytes in ${path}, got ${got}.`, {
    expected: `at most ${limit} bytes`,
    got,
    advice: 'Load a smaller file, or raise the limit under [files] in sidecar.toml.',
  });
}
