import type { ErrorName } from '../../protocol/errors.js';
import { Failure } from '../kernel/failure.js';
import type { Log } from '../kernel/log.js';
import { isRecord } from '../kernel/value/value.js';
import type { AttemptError, AttemptOutcome } from '../workflow/ports.js';

/** Failures that the same order can only meet again: its arguments are recorded, so a retry would send the same. */
const finalFailures: ReadonlySet<ErrorName> = new Set([
  'parse_error',
  'invalid_request',
  'method_not_found',
  'invalid_params',
  'limit_exceeded',
  'outside_roots',
  'unsupported_format',
  'invalid_document',
  'template_invalid',
  'template_failed',
  'template_budget',
  'command_unknown',
  'arguments_invalid',
  'workflow_invalid',
  'conflict',
]);

/** Failures of making a process: there, `nu_failed` is a module that does not parse. */
export const finalBuildFailures: ReadonlySet<ErrorName> = new Set([...finalFailures, 'nu_failed']);

/**
 * The outcome of an attempt whose executor rejected. A Failure is told as it is; anything else is a fault of ours, which the
 * log keeps and the task's error does not show.
 */
export function explainFailure(
  error: unknown,
  log: Log,
  final: ReadonlySet<ErrorName> = finalFailures,
): AttemptOutcome {
  if (error instanceof Failure) {
    const attemptError: AttemptError = {
      name: error.error,
      message: error.message,
      ...(isRecord(error.data) && Object.keys(error.data).length > 0 ? { data: error.data } : {}),
    };
    return { outcome: 'error', error: attemptError, retryable: !final.has(error.error) };
  }
  log.error({ err: error }, 'An attempt failed inside the sidecar.');
  const message = 'The sidecar failed while it ran this task; its log has the details.';
  return { outcome: 'error', error: { name: 'internal_error', message }, retryable: true };
}
