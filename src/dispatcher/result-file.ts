import { open, readFile } from 'node:fs/promises';
import { errorCode } from '../kernel/error-code.js';
import type { ReadResult } from './executors.js';

/** How results are read and made durable. */
export interface ResultReader {
  readonly read: ReadResult;
  /** Makes a file's bytes durable. */
  readonly fsync: (file: string) => Promise<void>;
}

/** Makes a file's bytes durable: what nu renamed may be in the page cache alone, and nu cannot fsync. */
export async function fsyncFile(file: string): Promise<void> {
  await using handle = await open(file, 'r');
  await handle.sync();
}

/**
 * Reads the result that nu left, and makes it durable when it is complete: only then may it be recorded (engine-semantics B
 * "5."). Without a file there is no complete result.
 */
export async function readResultFile(file: string, reader: ResultReader): Promise<ReturnType<ReadResult>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { complete: false };
    throw error;
  }
  const result = reader.read(text);
  if (result.complete) await reader.fsync(file);
  return result;
}
