import type { ProcessExit } from '../process/supervise.js';
import { lastLines, logTail } from './attempt-log.js';
import type { ExplainedError } from './executors.js';

const LINES_SHOWN = 20;

/** Codes of a spawn that fails again for the same program and arguments; others (EAGAIN, EMFILE, ENOMEM) pass. */
const finalSpawnCodes: ReadonlySet<string> = new Set([
  'ENOENT',
  'EACCES',
  'ENOEXEC',
  'E2BIG',
  'ENOTDIR',
  'ELOOP',
]);

/** Explains the end of a program that says nothing itself: its exit and the last lines of its log. */
export function exitError(program: string, exit: ProcessExit, logFile: string): ExplainedError {
  const lines = lastLines(logTail(logFile), LINES_SHOWN);
  const how = exit.signal === null ? `exited with code ${exit.exitCode}` : `was ended by ${exit.signal}`;
  const last = lines.at(-1);
  return {
    error: {
      name: 'process_failed',
      message: last === undefined ? `${program} ${how}.` : `${program} ${how}: ${last}`,
      data: { exitCode: exit.exitCode, signal: exit.signal, log: lines },
    },
    retryable: true,
  };
}

/** Explains a program that was stopped because it wrote too much. */
export function outputLimitError(program: string, limitBytes: number, logFile: string): ExplainedError {
  return {
    error: {
      name: 'output_limit',
      message: `${program} was stopped: expected at most ${limitBytes} bytes of output, but it wrote more.`,
      data: { limitBytes, log: lastLines(logTail(logFile), LINES_SHOWN) },
    },
    retryable: false,
  };
}

/** Explains a program that could not be started. */
export function spawnError(program: string, path: string | undefined, exit: ProcessExit): ExplainedError {
  const code = exit.spawnCode ?? null;
  return {
    error: {
      name: 'spawn_failed',
      message: code === 'ENOENT' ? notFound(program, path) : `Could not start ${program}: ${exit.spawnError}`,
      ...(code === null ? {} : { data: { code } }),
    },
    retryable: code === null || !finalSpawnCodes.has(code),
  };
}

function notFound(program: string, path: string | undefined): string {
  if (program.includes('/'))
    return `Could not start ${program}: it, or the interpreter it names, is not there.`;
  if (path === undefined)
    return `The program ${program} was not found: the environment of the task has no PATH.`;
  return `The program ${program} was not found on the PATH of the task: ${path}`;
}
