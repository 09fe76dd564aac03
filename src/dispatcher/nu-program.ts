import { mkdir } from 'node:fs/promises';
import type { Log } from '../kernel/log.js';
import type { AttemptError, AttemptOrder } from '../workflow/ports.js';
import type { AttemptFiles } from './attempt-files.js';
import { logTail } from './attempt-log.js';
import type { Executors, ReadResult } from './executors.js';
import type { Program } from './program.js';
import { type ResultReader, readResultFile } from './result-file.js';

const lostResult: AttemptError = {
  name: 'storage_failed',
  message:
    'The result of the task could not be read and made durable: the disk of the state directory failed.',
};

/**
 * A nu, script or code order: nu writes its result to a file, so that stdout and stderr are one log in the order they came.
 * A complete result with a value is a success, whatever the exit code says.
 */
export async function nuProgram(
  order: AttemptOrder,
  files: AttemptFiles,
  executors: { readonly nu: Executors['nu']; readonly result: ResultReader; readonly log: Log },
): Promise<Program> {
  await mkdir(files.directory, { recursive: true, mode: 0o700 });
  const nu = await executors.nu(order, files);
  let result: ReturnType<ReadResult> = { complete: false };
  return {
    argv: nu.argv,
    stdin: nu.stdin,
    stdoutFile: files.stderr,

    async succeeded() {
      try {
        result = await readResultFile(files.result, executors.result);
      } catch (error) {
        executors.log.error(
          { err: error, attemptId: order.attemptId },
          'A result could not be made durable.',
        );
        result = { complete: true, outcome: { error: lostResult } };
      }
      return result.complete && 'ok' in result.outcome;
    },

    async output() {
      if (result.complete && 'ok' in result.outcome) return result.outcome.ok;
      throw new Error(`asked for the output of ${order.attemptId}, which has none`);
    },

    async complaint(exit) {
      if (result.complete) {
        return 'error' in result.outcome ? { error: result.outcome.error, retryable: true } : null;
      }
      // of a nu that was stopped the log tells what it did, not why it ended
      return exit.reason === 'exited' ? (nu.explain?.(logTail(files.stderr)) ?? null) : null;
    },
  };
}
