import type { WorkflowDefinition } from '../../../state/definition.js';
import type { EventOf, RunEvent } from '../../../state/run-events.js';
import { applyAttemptFinished, applyAttemptStarted, applyAttemptStopping } from './apply-attempt.js';
import { createRun, createUnit } from './create-run.js';
import { moveUnit, resolveNeeds } from './move-unit.js';
import { type EngineState, isEnded, laneOf, type Run, type Task, type Unit } from './state.js';

/** Where an event stands: the time and seq of its journal line, and how to read what the line only names. */
export interface EventPlace {
  readonly time: number;
  readonly seq: number;
  /** The definition of a run whose submit names a blob. */
  definitionOf(event: EventOf<'run.submitted'>): WorkflowDefinition;
}

/**
 * Applies one event in place. Same state and same event give the same state: no clock, no ids, no I/O. Cost does not grow
 * with the tasks of the run, except for an expansion and a stop, which touch what they open or close.
 *
 * Throws when the event names a run or unit that does not exist: such a journal cannot be replayed (poison event).
 */
export function apply(state: EngineState, event: RunEvent, place: EventPlace): void {
  if (event.type === 'run.submitted') {
    applySubmitted(state, event, place);
    return;
  }
  const run = state.runs.get(event.runId);
  if (run === undefined)
    throw new Error(`${event.type} at seq ${place.seq} names run ${event.runId}, which does not exist.`);
  run.seq = place.seq;
  switch (event.type) {
    case 'run.started':
      applyStarted(state, run, place.time);
      break;
    case 'run.stopping':
      applyStopping(state, run, event, place.time);
      break;
    case 'run.ended':
      applyEnded(state, run, event, place.time);
      break;
    case 'task.ready': {
      const unit = unitOf(run, event.taskId, event.item);
      unit.retryAt = null;
      moveUnit(state, unit, 'ready', place.time);
      break;
    }
    case 'task.expanded':
      applyExpanded(state, run, event, place.time);
      break;
    case 'task.skipped':
      for (const id of event.tasks) {
        const task = taskOf(run, id);
        task.skip = { reason: event.reason, because: event.because ?? null };
        moveUnit(state, task.unit, 'skipped', place.time);
      }
      break;
    case 'task.failed': {
      const unit = unitOf(run, event.taskId, event.item);
      unit.error = event.error;
      moveUnit(state, unit, 'failed', place.time);
      break;
    }
    case 'items.cancelled':
      cancelOpenItems(state, taskOf(run, event.taskId), place.time);
      break;
    case 'attempt.started':
      applyAttemptStarted(state, unitOf(run, event.taskId, event.item), event, place.time);
      break;
    case 'attempt.spawned':
      break;
    case 'attempt.stopping':
      applyAttemptStopping(state, event, place.time);
      break;
    case 'attempt.finished':
      applyAttemptFinished(state, event, place.time);
      break;
  }
}

function applySubmitted(state: EngineState, event: EventOf<'run.submitted'>, place: EventPlace): void {
  const definition = 'blob' in event.definition ? place.definitionOf(event) : event.definition;
  const run = createRun(event, definition, place);
  state.runs.set(run.id, run);
  state.unfinished += 1;
  if (run.key !== null) {
    state.keys.set(run.key.text, { runId: run.id, sha256: run.key.sha256, at: place.time });
  }
  const lane = laneOf(state, run);
  if (lane.current === null) {
    lane.current = run;
    state.agenda.startable.push(run);
  } else {
    lane.waiting.push(run);
  }
}

function applyStarted(state: EngineState, run: Run, time: number): void {
  run.phase = 'running';
  run.startedAt = time;
  for (const task of run.tasks.values()) if (task.unmet === 0) resolveNeeds(state, task, time);
  if (run.unended === 0) state.agenda.endable.push(run);
}

function applyStopping(state: EngineState, run: Run, event: EventOf<'run.stopping'>, time: number): void {
  run.phase = 'stopping';
  run.reason = event.reason;
  run.because = event.because ?? null;
  for (const task of run.tasks.values()) {
    if (task.items !== null) cancelOpenItems(state, task, time);
    else if (isOpen(task.unit)) moveUnit(state, task.unit, 'cancelled', time);
  }
  state.agenda.endable.push(run);
}

function applyEnded(state: EngineState, run: Run, event: EventOf<'run.ended'>, time: number): void {
  run.phase = event.state;
  run.reason = event.reason;
  run.endedAt = time;
  state.unfinished -= 1;
  const lane = laneOf(state, run);
  if (lane.current !== run) return;
  lane.current = null;
  for (let next = lane.waiting.shift(); next !== undefined; next = lane.waiting.shift()) {
    // A run cancelled while it was queued stays in the lane until here.
    if (isEnded(next.phase) || next.phase === 'stopping') continue;
    lane.current = next;
    state.agenda.startable.push(next);
    return;
  }
  state.lanes.delete(`${run.definition.root}\0${run.definition.name}`);
}

function applyExpanded(state: EngineState, run: Run, event: EventOf<'task.expanded'>, time: number): void {
  const task = taskOf(run, event.taskId);
  task.items = Array.from({ length: event.count }, (_, index) => createUnit(task, index));
  if (Array.isArray(event.items)) task.itemValues = event.items;
  else task.itemsHash = event.items.sha256;
  task.unendedItems = event.count;
  task.itemCounts.pending = event.count;
  task.unit.state = 'running';
  task.unit.startedAt = time;
  for (const unit of task.items) moveUnit(state, unit, 'ready', time);
  // An empty list has nothing to wait for.
  if (event.count === 0) moveUnit(state, task.unit, 'succeeded', time);
}

function cancelOpenItems(state: EngineState, task: Task, time: number): void {
  for (const unit of task.items ?? []) if (isOpen(unit)) moveUnit(state, unit, 'cancelled', time);
}

const isOpen = (unit: Unit): boolean =>
  unit.state === 'pending' || unit.state === 'ready' || unit.state === 'waiting';

function taskOf(run: Run, id: string): Task {
  const task = run.tasks.get(id);
  if (task === undefined) throw new Error(`Run ${run.id} has no task ${id}.`);
  return task;
}

function unitOf(run: Run, id: string, item: number | undefined): Unit {
  const task = taskOf(run, id);
  if (item === undefined) return task.unit;
  const unit = task.items?.[item];
  if (unit === undefined) throw new Error(`Task ${id} of run ${run.id} has no item ${item}.`);
  return unit;
}
