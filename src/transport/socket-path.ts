import { lstatSync, mkdirSync, type Stats, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { Failure } from '../kernel/failure.js';
import { within } from '../kernel/signal.js';

/** Node cuts longer paths silently: at 108 bytes on Linux, at 104 on macOS. */
const longestSocketPath = 100;

/**
 * Makes a place for a socket: its directory exists, belongs to this user, is no link and is closed to others (0700), and no
 * socket of a dead process is in the way. Whatever else is at the path stays.
 * Throws Failure `config_invalid` when the place is not safe, `state_locked` when a live process listens there.
 */
export async function prepareSocketPath(path: string): Promise<void> {
  const bytes = Buffer.byteLength(path);
  if (bytes > longestSocketPath) {
    throw new Failure('config_invalid', `The socket path ${path} has ${bytes} bytes.`, {
      expected: `at most ${longestSocketPath} bytes`,
      got: `${bytes} bytes`,
      advice: 'Choose a state directory with a shorter path, or set XDG_RUNTIME_DIR.',
    });
  }
  prepareDirectory(dirname(path));
  await removeStaleSocket(path);
}

function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stats = lstatSync(directory);
  const uid = process.getuid?.() ?? stats.uid;
  if (!stats.isDirectory() || stats.uid !== uid) {
    throw new Failure('config_invalid', `${directory} is not safe for a socket.`, {
      expected: `a directory of user ${uid}, not a link`,
      got: stats.isDirectory() ? `a directory of user ${stats.uid}` : kindOf(stats),
      advice: 'Remove it, or choose another state directory.',
    });
  }
  // Never tightened here: for root, a slip in a path would lock everybody out of a shared directory.
  if ((stats.mode & 0o077) !== 0) {
    throw new Failure('config_invalid', `${directory} is open to other users: not safe for a socket.`, {
      expected: 'mode 700',
      got: `mode ${(stats.mode & 0o777).toString(8)}`,
      advice: `If it holds nothing but the sidecar's own files: chmod 700 ${directory}`,
    });
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isSocket()) {
    throw new Failure('config_invalid', `Something else is where the socket belongs: ${path}.`, {
      expected: 'a socket or nothing',
      got: kindOf(stats),
      advice: 'Move it away.',
    });
  }
  if (await answers(path)) {
    throw new Failure('state_locked', `Another process listens on ${path}.`, {
      advice: 'Stop it first: nu-sidecar stop.',
    });
  }
  unlinkSync(path);
}

/** Whether a process accepts connections there. Only a refusal proves that none does. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    const outcome = new Promise<boolean>((resolve, reject) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
        else reject(error);
      });
    });
    return await within(outcome, 2000, `an answer at ${path}`);
  } finally {
    socket.destroy();
  }
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isDirectory()) return 'a directory';
  return stats.isFile() ? 'a file' : 'something else';
}
