import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { logDirectory } from './attempt-files.js';

/**
 * Notes that an attempt of a run begins to log: one attempt id a line, in the order they began. The names of the log files tell
 * neither the order nor, when they are long, the whole id.
 */
export function addToLogIndex(stateDirectory: string, runId: string, attemptId: string): void {
  const directory = logDirectory(stateDirectory, runId);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  appendFileSync(indexFile(directory), `${attemptId}\n`, { mode: 0o600 });
}

/** The attempts of a run that logged, in the order they began; a place in this list stays what it is. */
export function readLogIndex(stateDirectory: string, runId: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(indexFile(logDirectory(stateDirectory, runId)), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  // the last piece is empty, or a line that is just being written
  return text.split('\n').slice(0, -1);
}

function indexFile(directory: string): string {
  return join(directory, 'index');
}
