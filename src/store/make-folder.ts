import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../kernel/error-code.js';

/**
 * Makes a folder (0700) with all that is missing above it, and answers the topmost one it made; undefined when it was there.
 * Node's own recursive mkdir never returns where a folder exists in which nothing can be made (/proc: measured on Node 20).
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  try {
    return (await makeOne(path)) ? path : undefined;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const topmost = await makeFolder(dirname(path));
  // A second ENOENT is final: the folder above is there now, and nothing can be made in it.
  const made = await makeOne(path);
  return topmost ?? (made ? path : undefined);
}

/** False when it was there; others may make it at the same time. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await isFolder(path))) return false;
    throw error;
  }
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() === true;
