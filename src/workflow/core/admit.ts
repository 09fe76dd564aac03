import { attemptId } from './attempt-id.js';
import type { Draft } from './draft.js';
import { listPool } from './move-unit.js';
import type { Pool, Unit } from './state.js';

/**
 * Gives free slots to ready units: runs take turns, and in a run the pools. Looks only at runs and pools that may admit, so the
 * cost is that of what starts. Answers whether a unit failed on the way, which leaves work on the agenda.
 */
export function admit(draft: Draft): boolean {
  const { state, context } = draft;
  if (!context.admitting) return false;
  let failed = false;
  while (state.live + state.quarantined < context.maxLive) {
    const run = state.rotation.shift();
    if (run === undefined) break;
    run.listed = false;
    // What was ready in a run that is stopping was cancelled; a run at its own limit is listed again with its next free slot.
    if (run.phase !== 'running' || run.live >= (run.definition.maxParallel ?? Number.POSITIVE_INFINITY))
      continue;
    const pool = run.openPools.shift();
    if (pool === undefined) continue;
    pool.listed = false;
    const unit = nextReady(pool);
    if (unit !== undefined && !start(draft, unit)) failed = true;
    listPool(state, run, pool);
  }
  return failed;
}

function nextReady(pool: Pool): Unit | undefined {
  if (pool.live >= pool.limit) return undefined;
  for (let unit = pool.ready.shift(); unit !== undefined; unit = pool.ready.shift()) {
    if (unit.state === 'ready') return unit;
  }
  return undefined;
}

function start(draft: Draft, unit: Unit): boolean {
  const { run, definition } = unit.task;
  const place = { runId: run.id, taskId: definition.id, ...(unit.item === null ? {} : { item: unit.item }) };
  const order =
    unit.evaluated === null
      ? draft.context.evaluate.order(unit)
      : { ok: { evaluated: unit.evaluated, bytes: 0 } };
  if ('error' in order) {
    draft.emit({ type: 'task.failed', ...place, error: order.error });
    return false;
  }
  const attempt = unit.attempts + 1;
  const id = attemptId(unit, attempt, draft.context.epoch);
  draft.orders.set(id, order.ok.evaluated);
  draft.emit({
    type: 'attempt.started',
    ...place,
    attempt,
    attemptId: id,
    ...(order.ok.bytes > 0 && draft.mayRecord(order.ok.bytes) ? { evaluated: order.ok.evaluated } : {}),
  });
  return true;
}
