import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Lends the bytes to another program as a file that only this user can reach (0600 in a 0700 folder), named `file.` and the
 * extension, and removes it afterwards. The program so reads what was checked, whatever the original has become.
 */
export async function withPrivateCopy<T>(
  bytes: Uint8Array,
  extension: string,
  folder: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const own = await mkdtemp(join(folder, 'nu-sidecar-file-'));
  try {
    const path = join(own, `file.${extension}`);
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    return await use(path);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
