import {
  type EngineState,
  hasEnded,
  isLive,
  type Pool,
  type Run,
  type Task,
  type Unit,
  type UnitState,
} from './state.js';

/**
 * Moves a unit to a state and keeps everything that is counted: slots of engine, run and pool, items by state, the queues of
 * ready work, what the end of a task sets free. O(1), plus the dependents of a task that ends.
 */
export function moveUnit(state: EngineState, unit: Unit, to: UnitState, time: number): void {
  const from = unit.state;
  const { task } = unit;
  const { run } = task;
  if (from === to) return;
  unit.state = to;
  // The unit of an expanded for_each task stands for its items: it holds no slot and waits in no queue.
  const isGroup = unit.item === null && task.items !== null;
  if (!isGroup) {
    if (isLive(from) && !isLive(to)) releaseSlot(state, unit);
    else if (!isLive(from) && isLive(to)) takeSlot(state, unit);
    if (to === 'ready') enqueueReady(state, unit);
  }
  if (unit.item !== null) {
    task.itemCounts[from] -= 1;
    task.itemCounts[to] += 1;
  }
  if (!hasEnded(to)) return;
  unit.endedAt = time;
  if (unit.item !== null) endItem(state, unit, time);
  else endTask(state, task, time);
  if (run.unended === 0 && run.live === 0) state.agenda.endable.push(run);
}

function takeSlot(state: EngineState, unit: Unit): void {
  const { run, pool } = unit.task;
  state.live += 1;
  run.live += 1;
  pool.live += 1;
  run.liveUnits.add(unit);
}

function releaseSlot(state: EngineState, unit: Unit): void {
  const { run, pool } = unit.task;
  state.live -= 1;
  run.live -= 1;
  pool.live -= 1;
  run.liveUnits.delete(unit);
  listPool(state, run, pool);
}

/** Puts a ready unit into the queue of its pool. A retry keeps its first place in the order of becoming ready. */
function enqueueReady(state: EngineState, unit: Unit): void {
  if (unit.readySeq === 0) {
    state.readySeq += 1;
    unit.readySeq = state.readySeq;
  }
  unit.task.pool.ready.push(unit);
  listPool(state, unit.task.run, unit.task.pool);
}

/** Lists a pool that may admit in its run, and the run in the engine's rotation: so that admission looks at nothing else. */
export function listPool(state: EngineState, run: Run, pool: Pool): void {
  if (!pool.listed && pool.ready.size > 0 && pool.live < pool.limit) {
    pool.listed = true;
    run.openPools.push(pool);
  }
  if (!run.listed && run.openPools.size > 0) {
    run.listed = true;
    state.rotation.push(run);
  }
}

function endItem(state: EngineState, unit: Unit, time: number): void {
  const { task } = unit;
  task.unendedItems -= 1;
  if (unit.state === 'failed' || unit.state === 'lost') state.agenda.failedItems.push(task);
  if (task.unendedItems > 0) return;
  const counts = task.itemCounts;
  if (counts.lost > 0) moveUnit(state, task.unit, 'lost', time);
  else if (counts.failed > 0) moveUnit(state, task.unit, 'failed', time);
  else if (counts.cancelled > 0) moveUnit(state, task.unit, 'cancelled', time);
  else moveUnit(state, task.unit, 'succeeded', time);
}

function endTask(state: EngineState, task: Task, time: number): void {
  const { run } = task;
  const end = task.unit.state;
  run.unended -= 1;
  if (end === 'failed' || end === 'lost') {
    // A lost task is never tolerated: nobody knows what it did.
    if (task.definition.allowFailure && end === 'failed') run.warnings += 1;
    else run.failures += 1;
    state.agenda.failed.push(task);
  }
  for (const { task: dependent, kind, ifSkipped } of task.dependents) {
    if (dependent.unit.state !== 'pending') continue;
    const skippedByWhen = end === 'skipped' && task.skip?.reason === 'when';
    if (kind === 'soft' || end === 'succeeded' || (skippedByWhen && ifSkipped === 'run')) {
      dependent.unmet -= 1;
      if (dependent.unmet === 0) resolveNeeds(state, dependent, time);
    } else {
      const because = task.skip?.because ?? task.definition.id;
      state.agenda.blocked.push({ task: dependent, reason: skippedByWhen ? 'when' : 'upstream', because });
    }
  }
}

/** A task whose needs are all met: ready, or first to be decided when it has a `when` or a `for_each`. */
export function resolveNeeds(state: EngineState, task: Task, time: number): void {
  if (task.run.phase !== 'running' || task.unit.state !== 'pending') return;
  if (task.definition.when !== undefined || task.definition.forEach !== undefined)
    state.agenda.undecided.push(task);
  else moveUnit(state, task.unit, 'ready', time);
}
