import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../kernel/error-code.js';

/**
 * Makes a folder (0700) with all that is missing above it, and answers the topmost one it made; undefined when it was there.
 * Node's own recursive mkdir never returns where a folder exists in which nothing can be made (/proc: measured on Node 20).
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  try {
    await mkdir(path, { mode: 0o700 });
    return path;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await isFolder(path))) return undefined;
    if (errorCode(error) !== 'ENOENT' || (await isFolder(dirname(path)))) throw error;
  }
  const topmost = await makeFolder(dirname(path));
  // Somebody else may have made the rest in the meantime.
  const made = await makeFolder(path);
  return topmost ?? made;
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() === true;
