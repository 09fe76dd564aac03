import type { WorkflowDefinition } from '../../../state/definition.js';
import type { RunSnapshot, UnitSnapshot } from '../../../state/run-snapshot.js';
import { createRun, createUnit } from './create-run.js';
import { listPool } from './move-unit.js';
import {
  type EngineState,
  hasEnded,
  isEnded,
  isLive,
  laneOf,
  type Run,
  type Task,
  type Unit,
} from './state.js';

/**
 * Puts a run back from its snapshot, with everything that is derived: counts, queues, lanes, agenda. Snapshots must come in the
 * order of their firstSeq, so that lanes keep their order. The result is the state that its events would have given.
 */
export function restoreRun(
  state: EngineState,
  place: { readonly id: string; readonly seq: number; readonly firstSeq: number },
  snapshot: RunSnapshot,
  definition: WorkflowDefinition,
): Run {
  const run = createRun(
    {
      type: 'run.submitted',
      runId: place.id,
      workflow: definition.name,
      definition: snapshot.definition,
      inputs: snapshot.inputs,
      env: snapshot.env,
      cwd: snapshot.cwd,
      labels: snapshot.labels,
      actor: snapshot.actor,
      ...(snapshot.key === null ? {} : { key: snapshot.key }),
    },
    definition,
    { time: snapshot.createdAt, seq: place.firstSeq },
  );
  run.seq = place.seq;
  run.phase = snapshot.phase;
  run.reason = snapshot.reason;
  run.because = snapshot.because;
  run.startedAt = snapshot.startedAt;
  run.endedAt = snapshot.endedAt;
  const ready: Unit[] = [];
  for (const row of snapshot.tasks) {
    const task = run.tasks.get(row.id);
    if (task === undefined)
      throw new Error(`The snapshot of run ${run.id} has a task ${row.id} that its definition has not.`);
    restoreUnit(task.unit, row.unit);
    task.skip = row.skip ?? null;
    task.itemValues = row.itemValues ?? null;
    task.itemsHash = row.itemsHash ?? null;
    if (row.items !== undefined) {
      task.items = row.items.map((item, index) => {
        const unit = createUnit(task, index);
        restoreUnit(unit, item);
        task.itemCounts[unit.state] += 1;
        task.itemAttempts += unit.attempts;
        if (!hasEnded(unit.state)) task.unendedItems += 1;
        return unit;
      });
    }
    for (const unit of task.items ?? [task.unit]) {
      if (isLive(unit.state)) holdSlot(state, unit);
      if (unit.state === 'ready') ready.push(unit);
      state.readySeq = Math.max(state.readySeq, unit.readySeq);
    }
  }
  state.runs.set(run.id, run);
  if (run.key !== null)
    state.keys.set(run.key.text, { runId: run.id, sha256: run.key.sha256, at: run.createdAt });
  restoreCounts(run);
  ready.sort((a, b) => a.readySeq - b.readySeq);
  for (const unit of ready) unit.task.pool.ready.push(unit);
  for (const task of run.tasks.values()) listPool(state, run, task.pool);
  if (!isEnded(run.phase)) restoreAgenda(state, run);
  return run;
}

function restoreUnit(unit: Unit, snapshot: UnitSnapshot): void {
  unit.state = snapshot.state;
  unit.stopping = snapshot.stopping ?? null;
  unit.attempts = snapshot.attempts ?? 0;
  unit.interrupted = snapshot.interrupted ?? 0;
  unit.attemptId = snapshot.attemptId ?? null;
  unit.evaluated = snapshot.evaluated ?? null;
  unit.output = snapshot.output;
  unit.blob = snapshot.blob ?? null;
  unit.error = snapshot.error ?? null;
  unit.retryAt = snapshot.retryAt ?? null;
  unit.readySeq = snapshot.readySeq ?? 0;
  unit.startedAt = snapshot.startedAt ?? null;
  unit.endedAt = snapshot.endedAt ?? null;
}

function holdSlot(state: EngineState, unit: Unit): void {
  const { run, pool } = unit.task;
  state.live += 1;
  run.live += 1;
  pool.live += 1;
  run.liveUnits.add(unit);
  if (unit.attemptId !== null) state.attempts.set(unit.attemptId, unit);
}

function restoreCounts(run: Run): void {
  for (const { unit, definition } of run.tasks.values()) {
    if (!hasEnded(unit.state)) continue;
    run.unended -= 1;
    if (unit.state === 'lost' || (unit.state === 'failed' && !definition.allowFailure)) run.failures += 1;
    else if (unit.state === 'failed') run.warnings += 1;
  }
}

/** What the events of the run had put on the agenda and no later event took off. */
function restoreAgenda(state: EngineState, run: Run): void {
  state.unfinished += 1;
  const lane = laneOf(state, run);
  if (lane.current === null) lane.current = run;
  else lane.waiting.push(run);
  if (run.phase === 'queued' && lane.current === run) state.agenda.startable.push(run);
  for (const task of run.tasks.values()) restoreNeeds(state, task);
  if (run.unended === 0 && run.live === 0) state.agenda.endable.push(run);
}

function restoreNeeds(state: EngineState, task: Task): void {
  const { run } = task;
  if (task.unit.state === 'failed' || task.unit.state === 'lost') state.agenda.failed.push(task);
  if (task.items !== null && task.itemCounts.failed + task.itemCounts.lost > 0)
    state.agenda.failedItems.push(task);
  if (task.unit.state !== 'pending') return;
  for (const need of task.definition.needs) {
    const upstream = run.tasks.get(need.task);
    if (upstream === undefined || !hasEnded(upstream.unit.state)) continue;
    const byWhen = upstream.unit.state === 'skipped' && upstream.skip?.reason === 'when';
    if (need.kind === 'soft' || upstream.unit.state === 'succeeded' || (byWhen && need.ifSkipped === 'run')) {
      task.unmet -= 1;
    } else {
      const because = upstream.skip?.because ?? upstream.definition.id;
      state.agenda.blocked.push({ task, reason: byWhen ? 'when' : 'upstream', because });
    }
  }
  // A task with neither became ready in the event that met its last need.
  if (run.phase === 'running' && task.unmet === 0) state.agenda.undecided.push(task);
}
