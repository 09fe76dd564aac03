import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { errorCode } from '../kernel/error-code.js';

const run = promisify(execFile);

/** The first process of an attempt, whose pid is also the id of the attempt's process group. */
export interface Leader {
  readonly pid: number;
  /** See `ProcessIdentity.startTicks`. */
  readonly startTicks: string | null;
}

/**
 * Makes the FIFO whose read end every process of an attempt inherits. Node has no mkfifo, so the program of that name is run:
 * 1 ms of this thread and 2 ms until it is there, beside the 35 ms and more of a nu.
 */
export async function makeAliveFifo(path: string): Promise<void> {
  await run('mkfifo', ['-m', '600', path]);
}

/** Opens the end that the attempt inherits. Non-blocking, because an open for reading would else wait for a writer. */
export function openAliveFifo(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** Whether any process holds the FIFO open: an open for writing fails with ENXIO when no reader is there (fifo(7)). */
export function fifoIsHeld(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENXIO' || errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Keeps who leads the attempt beside its FIFO, for a later daemon: only the leader's pid tells the attempt's group from the
 * groups of servers it started. A symbolic link, because it is made whole by one call.
 */
export function recordLeader(fifo: string, leader: Leader): void {
  symlinkSync(`${leader.pid}:${leader.startTicks ?? ''}`, leaderPath(fifo));
}

/** The recorded leader; null when the attempt never came so far. */
export function recordedLeader(fifo: string): Leader | null {
  try {
    const [pid = '', ...start] = readlinkSync(leaderPath(fifo)).split(':');
    return { pid: Number(pid), startTicks: start.join(':') || null };
  } catch {
    return null;
  }
}

/** Removes the FIFO and the record of the leader, once no process of the attempt is left. */
export function removeAliveFifo(path: string): void {
  rmSync(path, { force: true });
  rmSync(leaderPath(path), { force: true });
}

function leaderPath(fifo: string): string {
  return `${fifo}.leader`;
}
