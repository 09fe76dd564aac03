import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat, statfs } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { Failure } from '../kernel/failure.js';
import { isInside } from './is-inside.js';

/** A file that was opened and only then found to be inside a root: what the path names later does not matter any more. */
export interface GuardedFile {
  readonly handle: FileHandle;
  /** The file's real path, without symbolic links. */
  readonly path: string;
  readonly size: number;
}

// NONBLOCK: a FIFO would wait for a writer. NOCTTY: a terminal would become ours.
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** File systems whose files are the kernel's answers, not data on a disk: proc, sysfs, cgroup, cgroup2, debugfs, tracefs. */
const kernelFileSystems: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163,
]);

/**
 * Opens a regular file for reading, inside one of the roots. The file that was opened is what is checked, so swapping a
 * link between check and use gains nothing. Throws `outside_roots` and `unreadable`.
 */
export async function guardedOpen(path: string, roots: readonly string[]): Promise<GuardedFile> {
  refuseDisguise(path);
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => resolve(root))));
  const isAllowed = (real: string): boolean => realRoots.some((root) => isInside(real, root));
  const target = await realpath(path).catch((error: unknown) => {
    // Whether a file outside exists is nobody's business: there the answer is the same either way.
    const named = [...realRoots, ...roots].some((root) => isInside(path, root));
    throw named ? unreadable(path, error) : outside(path, roots);
  });
  // Checked before the file is touched: to open a device outside could already do something.
  if (!isAllowed(target)) throw outside(path, roots);

  const handle = await open(target, flags).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const real = await openedPath(handle, target);
    if (real === null || !isAllowed(real)) throw outside(path, roots);
    const status = await handle.stat();
    if (!status.isFile())
      throw irregular(path, status.isDirectory() ? 'a folder' : 'a device, socket or FIFO');
    if (await isKernelFile(handle)) throw irregular(path, 'a file of the kernel');
    return { handle, path: real, size: status.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Refuses what no honest client sends as a path: a NUL, a `..` left in it, separators or dots in percent encoding. */
function refuseDisguise(path: string): void {
  const bad = path.includes('\0')
    ? 'a NUL character'
    : path.split(sep).includes('..')
      ? 'the segment ".."'
      : /%(?:2e|2f|5c|00)/i.test(path)
        ? 'a percent-encoded dot or separator'
        : isAbsolute(path)
          ? null
          : 'a relative path';
  if (bad === null) return;
  throw new Failure('outside_roots', `Expected the plain absolute path of a file, got ${bad}.`, {
    expected: 'an absolute path without "..", NUL or percent encoding',
    got: bad,
  });
}

/** The real path of an open file; null when it cannot be had for certain. */
async function openedPath(handle: FileHandle, target: string): Promise<string | null> {
  try {
    return await readlink(`/proc/self/fd/${handle.fd}`);
  } catch {
    // No /proc (macOS): the path must still lead, without links, to the very file that is open.
    const [real, named, opened] = await Promise.all([realpath(target), stat(target), handle.stat()]);
    return real === target && named.ino === opened.ino && named.dev === opened.dev ? real : null;
  }
}

async function isKernelFile(handle: FileHandle): Promise<boolean> {
  try {
    return kernelFileSystems.has((await statfs(`/proc/self/fd/${handle.fd}`)).type);
  } catch {
    // Without /proc there are no such file systems either.
    return false;
  }
}

function outside(path: string, roots: readonly string[]): Failure {
  return new Failure(
    'outside_roots',
    `Expected a file inside ${roots.join(' or ') || 'a root'}, got ${path}.`,
    {
      expected: `a file inside ${roots.join(' or ') || 'a root'}`,
      got: path,
    },
  );
}

function irregular(path: string, got: string): Failure {
  return new Failure('unreadable', `Expected a regular file at ${path}, got ${got}.`, {
    expected: 'a regular file',
    got,
  });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is none'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['EACCES', 'permission was denied'],
  ['EPERM', 'permission was denied'],
  ['ELOOP', 'its symbolic links form a loop'],
  ['ENAMETOOLONG', 'the path is too long'],
  ['ENXIO', 'it is a socket or a device without a driver'],
]);

function unreadable(path: string, error: unknown): Failure {
  const code = errorCode(error) ?? 'unknown';
  const got = reasons.get(code) ?? code;
  return new Failure('unreadable', `Expected a readable file at ${path}, but ${got}.`, {
    expected: 'a readable file',
    got,
  });
}
