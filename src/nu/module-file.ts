import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../kernel/failure.js';

/**
 * The real path of the file behind a module or script: the file itself, or the mod.nu of a folder. Throws
 * Failure `unreadable` when there is no regular file; Nushell would wait for ever for the other end of a FIFO.
 */
export async function moduleFile(path: string): Promise<string> {
  const found = await kindOf(path);
  if (found === 'file') return realpath(path);
  const inside = join(path, 'mod.nu');
  if (found === 'folder' && (await kindOf(inside)) === 'file') return realpath(inside);
  const problem =
    found === 'folder'
      ? 'is a folder without a mod.nu'
      : found === 'other'
        ? 'is no regular file'
        : 'does not exist';
  throw new Failure('unreadable', `The Nushell file ${path} ${problem}.`, {
    expected: 'a .nu file, or a folder with a mod.nu',
    got: path,
    advice: 'Check the path; relative ones count from the project, else from the working directory.',
  });
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'none'> {
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch {
    return 'none';
  }
}
