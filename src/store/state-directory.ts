import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { Failure } from '../kernel/failure.js';
import { damage } from './damage.js';
import { removeIfThere, writeNewFile } from './durable-file.js';
import type { FilePort } from './file-port.js';

/**
 * File systems that other hosts may write, by Linux's magic numbers (statfs(2)). Locks, links and syncs mean less there, and
 * the pid of a holder on another host says nothing here.
 */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x01021997, '9P'],
]);

/**
 * Makes a state directory, or makes sure that one is fit: ours, closed to others, on a local file system. Answers its id.
 * Throws Failure `storage_failed` when it is not fit, `state_damaged` when it lost its id.
 */
export async function prepareStateDirectory(files: FilePort, directory: string): Promise<string> {
  const topmost = await files.makeFolder(directory);
  if (topmost !== undefined) {
    for (let made = directory; made.length >= topmost.length; made = dirname(made)) {
      await files.syncFolder(dirname(made));
    }
  }
  const owner = await files.restrict(directory);
  if (owner !== null) {
    throw new Failure(
      'storage_failed',
      `The state directory ${directory} belongs to another user (uid ${owner}).`,
      {
        expected: 'a directory of this user',
        got: `one of uid ${owner}`,
        advice: 'Name another one with --state-dir, or run as its owner.',
      },
    );
  }
  const network = networkFileSystems.get(files.space(directory).fileSystem >>> 0);
  if (network !== undefined) {
    throw new Failure(
      'storage_failed',
      `The state directory ${directory} is on a network file system (${network}).`,
      {
        expected: 'a local file system, where locks and syncs can be relied on',
        got: network,
        advice: 'Name a local directory with --state-dir or SIDECAR_STATE_DIR.',
      },
    );
  }
  await writeOnce(files, join(directory, '.gitignore'), '*\n');
  return readStateId(files, directory);
}

async function readStateId(files: FilePort, directory: string): Promise<string> {
  const path = join(directory, 'state-id');
  const names = await files.list(join(directory, 'journal'));
  if (names.some((name) => name.endsWith('.jsonl')) && !files.exists(path)) {
    throw damage(
      'state-id',
      'it is missing',
      'Write the stateId that the first line of any journal segment names into it.',
    );
  }
  await writeOnce(files, path, `${randomUUID()}\n`);
  const text = Buffer.from((await files.readFile(path)) ?? [])
    .toString('latin1')
    .trim();
  if (!/^[0-9a-f-]{36}$/.test(text)) throw damage('state-id', 'it is not a UUID');
  return text;
}

/** Writes a file that nobody has written yet; of several writers the first one counts. */
async function writeOnce(files: FilePort, path: string, text: string): Promise<void> {
  if (files.exists(path)) return;
  const temporary = `${path}.${randomUUID()}.tmp`;
  await files.close(await writeNewFile(files, temporary, [text]));
  try {
    await files.link(temporary, path);
  } catch (error) {
    // ENOENT: who was first already has the lock, and cleared our temporary file away.
    if (errorCode(error) !== 'EEXIST' && errorCode(error) !== 'ENOENT') throw error;
  } finally {
    await removeIfThere(files, temporary);
  }
  await files.syncFolder(dirname(path));
}
