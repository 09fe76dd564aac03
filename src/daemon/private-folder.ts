import { chmod, lstat } from 'node:fs/promises';
import { Failure } from '../kernel/failure.js';
import { makeFolder } from '../store/make-folder.js';

/**
 * Makes a folder that only this user may enter (0700), or makes sure that one is: under /tmp another user may have made it first,
 * and who owns it could put a socket of his own in the place of ours. Throws Failure `config_invalid`.
 */
export async function makePrivateFolder(folder: string, uid: number): Promise<void> {
  await makeFolder(folder);
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid) {
    const got = found.isDirectory() ? `a directory of user ${found.uid}` : 'something that is no directory';
    throw new Failure(
      'config_invalid',
      `${folder} is not safe for sockets: expected a directory of user ${uid}, got ${got}.`,
      {
        expected: `a directory of user ${uid}`,
        got,
        advice: 'Have it removed, set XDG_RUNTIME_DIR, or choose a state directory with a shorter path.',
      },
    );
  }
  if ((found.mode & 0o077) !== 0) await chmod(folder, 0o700);
}
