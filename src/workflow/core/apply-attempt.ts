import type { EventOf } from '../../../state/run-events.js';
import { moveUnit } from './move-unit.js';
import type { EngineState, Unit } from './state.js';

/** An attempt begins: the unit takes a slot. */
export function applyAttemptStarted(
  state: EngineState,
  unit: Unit,
  event: EventOf<'attempt.started'>,
  time: number,
): void {
  unit.attempts = event.attempt;
  if (unit.item !== null) unit.task.itemAttempts += 1;
  unit.attemptId = event.attemptId;
  unit.stopping = null;
  if (event.evaluated !== undefined) unit.evaluated = event.evaluated;
  unit.startedAt ??= time;
  state.attempts.set(event.attemptId, unit);
  moveUnit(state, unit, 'running', time);
}

/** An attempt is told to end; it holds its slot until it is confirmed gone. The first cause stays, unless the run stops. */
export function applyAttemptStopping(
  state: EngineState,
  event: EventOf<'attempt.stopping'>,
  time: number,
): void {
  const unit = liveUnit(state, event.attemptId);
  unit.stopping = event.why;
  if (unit.state === 'running') moveUnit(state, unit, 'stopping', time);
}

/** An attempt is over: what it came to, and the state its unit enters. */
export function applyAttemptFinished(
  state: EngineState,
  event: EventOf<'attempt.finished'>,
  time: number,
): void {
  const unit = liveUnit(state, event.attemptId);
  state.attempts.delete(event.attemptId);
  unit.attemptId = null;
  if (event.outcome === 'interrupted') unit.interrupted += 1;
  if (event.outcome === 'lost' && event.pids !== undefined) state.quarantined += 1;
  if (event.next === 'succeeded') {
    unit.output = event.output ?? null;
    unit.blob = event.blob ?? null;
    unit.error = null;
  } else if (event.error !== undefined) {
    unit.error = event.error;
  }
  unit.retryAt = event.retryAt ?? null;
  moveUnit(state, unit, event.next, time);
  unit.stopping = null;
}

function liveUnit(state: EngineState, attemptId: string): Unit {
  const unit = state.attempts.get(attemptId);
  if (unit === undefined) throw new Error(`Attempt ${attemptId} is not live.`);
  return unit;
}
