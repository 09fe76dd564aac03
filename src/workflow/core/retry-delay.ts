import type { Retry } from '../../../state/definition.js';

/**
 * Milliseconds to wait before the next attempt, after `attempt` attempts. Full jitter: anything between 0 and the delay, so
 * that many tasks which failed together do not come back together. `random` is in [0, 1).
 */
export function retryDelay(retry: Retry, attempt: number, random: number): number {
  const delay = Math.min(retry.maxMs, baseDelay(retry, attempt));
  return Math.round(retry.jitter ? delay * random : delay);
}

function baseDelay(retry: Retry, attempt: number): number {
  switch (retry.backoff) {
    case 'fixed':
      return retry.initialMs;
    case 'linear':
      return retry.initialMs * attempt;
    case 'exponential':
      // Beyond 2^40 the cap has long been reached; an exponent without a bound would become Infinity.
      return retry.initialMs * 2 ** Math.min(attempt - 1, 40);
  }
}
