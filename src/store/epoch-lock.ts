import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { type LockDocument, lockSchema, schemaVersion } from '../../state/schema.js';
import { errorCode } from '../kernel/error-code.js';
import { Failure } from '../kernel/failure.js';
import type { ProcessIdentity } from '../process/identity.js';
import { readDocument } from './document-file.js';
import { removeIfThere, writeNewFile } from './durable-file.js';
import type { FilePort } from './file-port.js';

/** The ownership of a state directory. */
export interface EpochLock {
  readonly epoch: number;
  /** Whether somebody took the directory over. Two stats: the next file is there, or ours went with a later pruning. */
  fenced(): boolean;
  /** Leaves word that the next one need not ask whether we are dead. */
  release(): Promise<void>;
}

export interface LockRequest {
  readonly files: FilePort;
  readonly directory: string;
  readonly identity: ProcessIdentity;
  /** Judges the holder of a lock. */
  readonly liveness: (identity: ProcessIdentity) => 'dead' | 'alive' | 'unknown';
  readonly takeOver: boolean;
  readonly now: number;
}

/** Each lost race means that another process got further, so this many end only by a fault. */
const maxRaces = 1_000;

/**
 * Takes `lock.<n+1>`, where n is the newest, if the holder of n released it or is certainly dead (engine-semantics A7). The
 * file appears whole, by link(2), of which exactly one of several contenders succeeds. Throws Failure `state_locked` with the
 * holder's pid.
 */
export async function takeEpochLock(request: LockRequest): Promise<EpochLock> {
  const { files, directory, identity } = request;
  for (let race = 0; race < maxRaces; race += 1) {
    const newest = newestEpoch(await files.list(directory));
    if (newest > 0 && !(await mayFollow(request, newest))) continue;
    const epoch = newest + 1;
    const lock: LockDocument = { schemaVersion, epoch, ...identity, takenAt: request.now };
    if (!(await linkWhole(files, lockPath(directory, epoch), `${JSON.stringify(lock)}\n`))) continue;
    const names = await files.list(directory);
    if (newestEpoch(names) > epoch) {
      // We slept while others came and went, and the number was free again.
      await removeIfThere(files, lockPath(directory, epoch));
      continue;
    }
    await files.syncFolder(directory);
    await prune(files, directory, names, epoch);
    return {
      epoch,
      fenced: () => files.exists(lockPath(directory, epoch + 1)) || !files.exists(lockPath(directory, epoch)),
      release: async () => files.close(await files.open(releasedPath(directory, epoch), 'create')),
    };
  }
  throw new Failure(
    'state_locked',
    `The lock of ${directory} changed hands ${maxRaces} times while it was asked for.`,
  );
}

/** What a holder is told that lost its lock without knowing. */
export function lockLost(epoch: number): Failure {
  return new Failure(
    'storage_failed',
    `The state directory is not ours any more: lock.${epoch} is gone, or a newer one is there.`,
    {
      expected: `lock.${epoch} to be the newest`,
      got: 'a newer lock, or none',
      advice:
        'This daemon ends. If another one took over, it has the state; if the directory was removed, put it back.',
    },
  );
}

function lockPath(directory: string, epoch: number): string {
  return join(directory, `lock.${epoch}`);
}

function releasedPath(directory: string, epoch: number): string {
  return `${lockPath(directory, epoch)}.released`;
}

function newestEpoch(names: readonly string[]): number {
  return Math.max(0, ...names.flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number));
}

/** Whether the holder of an epoch is gone; false when the file went away meanwhile, so that one has to look again. */
async function mayFollow(request: LockRequest, epoch: number): Promise<boolean> {
  const { files, directory, liveness, takeOver } = request;
  if (files.exists(releasedPath(directory, epoch))) return true;
  const holder = await readDocument(files, lockPath(directory, epoch), 'lock', lockSchema);
  if (holder === null) return false;
  const verdict = liveness(holder);
  if (verdict === 'dead' || (verdict === 'unknown' && takeOver)) return true;
  // It may have released the lock, and ended, while we looked.
  if (files.exists(releasedPath(directory, epoch))) return true;
  if (verdict === 'alive') throw lockedBy(directory, holder, 'which is running');
  throw lockedBy(
    directory,
    holder,
    `on host ${holder.host}, and from here one cannot tell whether it is still running`,
    'Stop it there. When it is certainly gone, with all its tasks, start with --take-over.',
  );
}

/** The refusal that names who owns a state directory. */
function lockedBy(directory: string, holder: LockDocument, how: string, advice?: string): Failure {
  return new Failure(
    'state_locked',
    `The state directory ${directory} belongs to the daemon with pid ${holder.pid}, ${how}.`,
    {
      expected: 'a state directory without a running daemon',
      got: `lock.${holder.epoch} of pid ${holder.pid}`,
      pid: holder.pid,
      epoch: holder.epoch,
      ...(advice === undefined ? {} : { advice }),
    },
  );
}

async function linkWhole(files: FilePort, path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await files.close(await writeNewFile(files, temporary, [text]));
  try {
    await files.link(temporary, path);
    return true;
  } catch (error) {
    // ENOENT: a winner swept our temporary file away.
    if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOENT') return false;
    throw error;
  } finally {
    await removeIfThere(files, temporary);
  }
}

/** Removes what older epochs left, but for the one before ours: its holder looks for our file to learn that it lost. */
async function prune(
  files: FilePort,
  directory: string,
  names: readonly string[],
  epoch: number,
): Promise<void> {
  const mine = basename(lockPath(directory, epoch));
  for (const name of names) {
    const found = /^lock\.(\d+)(?:\.|$)/.exec(name)?.[1];
    if (found === undefined || name === mine) continue;
    if (Number(found) < epoch - 1 || name.endsWith('.tmp')) await removeIfThere(files, join(directory, name));
  }
}
