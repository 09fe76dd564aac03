import { settleOrphans } from '../process/settle-orphans.js';
import type { AttemptOutcome, UnsettledAttempt } from '../workflow/ports.js';
import { attemptFiles } from './attempt-files.js';
import { attemptTag, noteUnkillable, type ProcessContext } from './process-attempt.js';
import { readResultFile } from './result-file.js';

/**
 * Settles an attempt of a former daemon (engine-semantics B "5."). What ran inside that daemon died with it; a process may have
 * ended with a complete result, which counts, or lives and is swept.
 */
export async function settleAttempt(
  attempt: UnsettledAttempt,
  context: Pick<ProcessContext, 'stateDirectory' | 'stateId' | 'result' | 'killDeadlineMs' | 'log'>,
): Promise<AttemptOutcome> {
  if (attempt.kind === 'template' || attempt.kind === 'call') return { outcome: 'gone' };
  const files = attemptFiles(context.stateDirectory, attempt.attemptId, attempt.runId);
  // the exit code of an exec program died with its parent
  const readResult = async () =>
    attempt.kind === 'exec' ? ({ complete: false } as const) : readResultFile(files.result, context.result);

  const settled = await settleOrphans({
    tag: attemptTag(context.stateId, attempt.attemptId),
    aliveFifo: files.fifo,
    graceMs: attempt.graceMs,
    killDeadlineMs: context.killDeadlineMs,
    resultIsComplete: async () => {
      const result = await readResult();
      return result.complete && 'ok' in result.outcome;
    },
  });
  if (!settled.gone) {
    noteUnkillable(attempt.attemptId, settled.pids, files, context.log);
    if (!settled.succeeded) return { outcome: 'unkillable', pids: settled.pids };
  }
  const result = await readResult();
  if (!result.complete) return { outcome: 'gone' };
  if ('ok' in result.outcome) return { outcome: 'succeeded', output: result.outcome.ok };
  return { outcome: 'error', error: result.outcome.error, retryable: true };
}
