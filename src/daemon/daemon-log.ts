import { constants } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A log longer than this is set aside as daemon.log.1 when a daemon starts; so both together stay bounded across restarts. */
export const daemonLogLimitBytes = 8 * 1024 * 1024;

export function daemonLogPath(stateDirectory: string): string {
  return join(stateDirectory, 'daemon.log');
}

/** Opens the log of a detached daemon for appending, 0600; a log over the limit becomes `daemon.log.1` first. Refuses a symbolic link. */
export async function openDaemonLog(stateDirectory: string): Promise<FileHandle> {
  const path = daemonLogPath(stateDirectory);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > daemonLogLimitBytes) await rename(path, `${path}.1`);
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  return open(path, flags, 0o600);
}

/** Reads the log from a byte offset on, at most its last 4 KiB, as lines: what a failed start shows. */
export async function tailDaemonLog(stateDirectory: string, from = 0): Promise<readonly string[]> {
  const handle = await open(daemonLogPath(stateDirectory), 'r').catch(() => null);
  if (handle === null) return [];
  try {
    const { size } = await handle.stat();
    const start = Math.max(from, size - 4096);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return lines.filter((line) => line !== '').slice(-12);
  } finally {
    await handle.close();
  }
}
