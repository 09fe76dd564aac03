import * as fs from 'node:fs';
import { constants, existsSync, statfsSync } from 'node:fs';
import { promisify } from 'node:util';
import { errorCode } from '../kernel/error-code.js';
import { makeFolder } from './make-folder.js';

/**
 * Everything the store asks of a file system, so that tests can count the syncs, fail any call, and look at what a power cut
 * would leave. Files are 0600 and folders 0700 whatever the umask. Errors are Node's, with `code`.
 */
export interface FilePort {
  /** `create` fails with EEXIST when the file is there. */
  open(path: string, mode: 'read' | 'update' | 'create'): Promise<number>;
  close(fd: number): Promise<void>;
  size(fd: number): Promise<number>;
  /** Reads up to `length` bytes from `position`; fewer only at the end of the file. */
  read(fd: number, length: number, position: number): Promise<Uint8Array>;
  /** Writes at `position` and answers how many bytes were taken, which may be fewer (a full disk). */
  write(fd: number, bytes: Uint8Array, position: number): Promise<number>;
  truncate(fd: number, length: number): Promise<void>;
  datasync(fd: number): Promise<void>;
  sync(fd: number): Promise<void>;
  /** Makes the entries of a folder durable: creations, renames, links, removals. */
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name; fails with EEXIST when the name is taken. */
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes a folder and the missing ones above it; answers the topmost folder it made, undefined when it was there. */
  makeFolder(path: string): Promise<string | undefined>;
  /** The whole file; null when there is none. */
  readFile(path: string): Promise<Uint8Array | null>;
  /** The names in a folder; none when it does not exist. */
  list(path: string): Promise<readonly string[]>;
  /** Takes the rights of others away from a folder of ours. Answers the owner's uid when it is not ours, else null. */
  restrict(path: string): Promise<number | null>;
  /** Synchronous, because the writer asks before each batch: 1 µs, where a trip through the thread pool costs 40 µs. */
  exists(path: string): boolean;
  /** Bytes that this user may still write, and the kind of the file system as a Linux magic number (0 elsewhere). */
  space(path: string): { readonly freeBytes: number; readonly fileSystem: number };
}

const openFile = promisify(fs.open);
const closeFile = promisify(fs.close);
const statFile = promisify(fs.fstat);
const readBytes = promisify(fs.read);
const writeBytes = promisify(fs.write);
const flags = {
  read: constants.O_RDONLY,
  update: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
} as const;

/** The real file system. */
export const systemFiles: FilePort = {
  open: (path, mode) => openFile(path, flags[mode] | constants.O_NOFOLLOW, 0o600),
  close: closeFile,
  size: async (fd) => (await statFile(fd)).size,
  read: readWhole,
  write: async (fd, bytes, position) =>
    (await writeBytes(fd, bytes, 0, bytes.byteLength, position)).bytesWritten,
  truncate: promisify(fs.ftruncate),
  datasync: promisify(fs.fdatasync),
  sync: promisify(fs.fsync),
  async syncFolder(path) {
    const fd = await openFile(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await systemFiles.sync(fd);
    } finally {
      await closeFile(fd);
    }
  },
  rename: fs.promises.rename,
  link: fs.promises.link,
  unlink: fs.promises.unlink,
  makeFolder,
  readFile: (path) => fs.promises.readFile(path).catch(orNull),
  list: async (path) => (await fs.promises.readdir(path).catch(orNull)) ?? [],
  async restrict(path) {
    const found = await fs.promises.stat(path);
    const self = process.getuid?.() ?? found.uid;
    if (found.uid !== self) return found.uid;
    if ((found.mode & 0o077) !== 0) await fs.promises.chmod(path, 0o700);
    return null;
  },
  exists: existsSync,
  space(path) {
    const found = statfsSync(path);
    return {
      freeBytes: found.bavail * found.bsize,
      fileSystem: process.platform === 'linux' ? found.type : 0,
    };
  },
};

async function readWhole(fd: number, length: number, position: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await readBytes(fd, buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Turns "there is no such file" into null; every other error stays one. */
function orNull(error: unknown): null {
  if (errorCode(error) === 'ENOENT') return null;
  throw error;
}
