import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** The files of one attempt of a process task, absolute. The folder is there when an executor is asked, the files are not. */
export interface AttemptFiles {
  /** The attempt's own folder: its result, and what the executor puts there (0700). */
  readonly directory: string;
  /** What nu renames its result to. */
  readonly result: string;
  /** The standard output of an `exec` task; a nu task has none. */
  readonly stdout: string;
  /** The log for people: stderr of an `exec` task; stdout and stderr of nu in the order they came. */
  readonly stderr: string;
  /** The FIFO that every process of the attempt inherits. */
  readonly fifo: string;
}

const LONGEST_NAME_BYTES = 200;

/** The files of an attempt: `runs/<run>/attempts/<attempt>/…` and `runs/<run>/logs/<attempt>.{log,out}` (engine-semantics F3). */
export function attemptFiles(stateDirectory: string, attemptId: string, runId: string): AttemptFiles {
  const directory = join(stateDirectory, 'runs', fileName(runId), 'attempts', fileName(attemptId));
  const log = join(logDirectory(stateDirectory, runId), fileName(attemptId));
  return {
    directory,
    result: join(directory, 'result.json'),
    stdout: `${log}.out`,
    stderr: `${log}.log`,
    fifo: join(directory, 'alive'),
  };
}

/** The folder that holds the logs of a run. */
export function logDirectory(stateDirectory: string, runId: string): string {
  return join(stateDirectory, 'runs', fileName(runId), 'logs');
}

/**
 * An id as a file name: percent-encoded, so that `/`, `[` and `..` are harmless; one that would be longer than 200 bytes keeps
 * its beginning and ends in a hash of the whole.
 */
function fileName(id: string): string {
  const name = encodeURIComponent(id).replace(/^\./, '%2E');
  if (name.length <= LONGEST_NAME_BYTES) return name;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return `${name.slice(0, LONGEST_NAME_BYTES - hash.length - 1)}-${hash}`;
}
