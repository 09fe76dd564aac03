import type { Log } from '../kernel/log.js';
import type { Value } from '../kernel/value/value.js';
import { fireAfter } from '../process/fire-after.js';
import type { AttemptOrder, AttemptOutcome } from '../workflow/ports.js';
import { explainFailure } from './explain-failure.js';
import type { LiveAttempt } from './live-attempt.js';

export interface InProcessContext {
  readonly execute: (order: AttemptOrder, signal: AbortSignal) => Promise<Value>;
  readonly timedOut: (attemptId: string) => void;
  readonly log: Log;
  /** Milliseconds that a stopped executor gets before the attempt counts as not confirmed gone. */
  readonly killDeadlineMs: number;
}

/**
 * Runs an order inside this process. It makes no file, and a timer only for a timeout: ten thousand of these must pass at some
 * thousands a second. A stop aborts the signal; an executor that goes on regardless ends as `unkillable` without a pid.
 */
export function startInProcess(order: AttemptOrder, context: InProcessContext): LiveAttempt {
  const { attemptId, timeoutMs } = order;
  const abort = new AbortController();
  let endWaits = () => {};

  const settle = async (giveUp: (outcome: AttemptOutcome) => void): Promise<AttemptOutcome> => {
    const cancelTimeout = timeoutMs === null ? null : fireAfter(timeoutMs, () => context.timedOut(attemptId));
    abort.signal.addEventListener('abort', () => {
      cancelTimeout?.();
      endWaits = fireAfter(context.killDeadlineMs, () => giveUp({ outcome: 'unkillable', pids: [] }));
    });
    try {
      const output = await context.execute(order, abort.signal);
      return { outcome: 'succeeded', output };
    } catch (error) {
      return abort.signal.aborted ? { outcome: 'gone' } : explainFailure(error, context.log);
    } finally {
      cancelTimeout?.();
      endWaits();
    }
  };

  return {
    outcome: new Promise((resolve) => {
      settle(resolve).then(resolve);
    }),
    stop: () => abort.abort(),
  };
}
