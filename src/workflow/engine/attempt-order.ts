import { createHash } from 'node:crypto';
import type { Evaluated, EventOf } from '../../../state/run-events.js';
import type { Unit } from '../core/state.js';
import type { AttemptOrder } from '../ports.js';

/** The order of an attempt: plain data. The environment is the submitter's, then the task's, then ours. */
export function attemptOrder(
  unit: Unit,
  event: EventOf<'attempt.started'>,
  evaluated: Evaluated,
  epoch: number,
  sidecarEnvironment: Readonly<Record<string, string>>,
): AttemptOrder {
  const { run, definition } = unit.task;
  const key = idempotencyKey(run.id, definition.id, unit.item);
  return {
    attemptId: event.attemptId,
    runId: run.id,
    taskId: definition.id,
    item: unit.item,
    attempt: event.attempt,
    epoch,
    idempotencyKey: key,
    action: evaluated.action,
    input: evaluated.input,
    cwd: evaluated.cwd,
    root: run.definition.root,
    env: {
      ...run.env,
      ...evaluated.env,
      ...sidecarEnvironment,
      SIDECAR_RUN_ID: run.id,
      SIDECAR_TASK_ID: definition.id,
      SIDECAR_IDEMPOTENCY_KEY: key,
    },
    timeoutMs: definition.timeoutMs,
    graceMs: definition.graceMs,
  };
}

/** Stable across attempts, and another one in another run: sha256 of run, task and item. */
function idempotencyKey(runId: string, taskId: string, item: number | null): string {
  return createHash('sha256')
    .update(`${runId}\0${taskId}\0${item ?? ''}`)
    .digest('hex');
}
