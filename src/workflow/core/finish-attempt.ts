import type { EventOf, StoredError } from '../../../state/run-events.js';
import type { AttemptOutcome } from '../ports.js';
import { attemptsLeft, mayRestart } from './attempts-left.js';
import type { Command } from './command.js';
import type { Draft } from './draft.js';
import { retryDelay } from './retry-delay.js';
import type { Unit } from './state.js';
import { type UnitInput, type UnitMove, unitKey, unitTable } from './unit-table.js';

type Finished = Extract<Command, { type: 'finished' }>;
type End = Omit<EventOf<'attempt.finished'>, 'type' | 'runId' | 'attemptId'>;

/** Records what a live attempt came to and moves its unit as the table says. A success is a fact even while the unit is stopping. */
export function finishAttempt(draft: Draft, unit: Unit, command: Finished): void {
  const input = inputOf(unit, command.outcome, command.recovered === true);
  const move = unitTable[unitKey(unit)][input];
  if (move === 'ignore' || move === 'stay') return;
  draft.emit({
    type: 'attempt.finished',
    runId: unit.task.run.id,
    attemptId: command.attemptId,
    ...endOf(draft, unit, command, move),
  });
  // The event only names the file of a large output. Dependents read it from memory; a replay brings it back from the file.
  if (command.blob !== undefined && command.outcome.outcome === 'succeeded')
    unit.output = command.outcome.output;
}

function inputOf(unit: Unit, outcome: AttemptOutcome, recovered: boolean): UnitInput {
  switch (outcome.outcome) {
    case 'succeeded':
      return 'OK';
    case 'error':
      return outcome.retryable && attemptsLeft(unit) && unit.task.run.phase === 'running' ? 'ER' : 'EF';
    case 'gone':
      return recovered ? 'RC' : 'G';
    case 'unkillable':
      return 'UK';
  }
}

function endOf(draft: Draft, unit: Unit, command: Finished, move: UnitMove): End {
  const error = errorOf(unit, command);
  switch (move) {
    case 'succeed': {
      const output = command.outcome.outcome === 'succeeded' ? command.outcome.output : null;
      return command.blob === undefined
        ? { outcome: 'succeeded', next: 'succeeded', output }
        : { outcome: 'succeeded', next: 'succeeded', blob: command.blob };
    }
    case 'retry':
      return { outcome: 'error', next: 'waiting', error, retryAt: nextTry(draft, unit) };
    case 'retry-or-fail': {
      const outcome = unit.stopping === 'timeout' ? 'timed-out' : 'error';
      return attemptsLeft(unit) && unit.task.run.phase === 'running'
        ? { outcome, next: 'waiting', error, retryAt: nextTry(draft, unit) }
        : { outcome, next: 'failed', error };
    }
    case 'fail':
      return { outcome: 'error', next: 'failed', error };
    case 'cancel':
      return { outcome: 'cancelled', next: 'cancelled', error };
    case 'recover':
      return mayRestart(unit) && unit.task.run.phase === 'running'
        ? { outcome: 'lost', next: 'waiting', error, retryAt: draft.context.now }
        : { outcome: 'lost', next: 'lost', error };
    case 'interrupt':
      return mayRestart(unit) && unit.task.run.phase === 'running'
        ? { outcome: 'interrupted', next: 'ready', error }
        : { outcome: 'interrupted', next: 'lost', error };
    case 'lose':
      return {
        outcome: 'lost',
        next: 'lost',
        error,
        ...(command.outcome.outcome === 'unkillable' ? { pids: [...command.outcome.pids] } : {}),
      };
    default:
      throw new Error(`The unit table sends the end of an attempt to "${move}", which is not an end.`);
  }
}

const nextTry = (draft: Draft, unit: Unit): number =>
  draft.context.now +
  retryDelay(unit.task.definition.retry, unit.attempts - unit.interrupted, draft.context.random());

/** The error a unit shows: the reason that came first, so a timeout is a timeout whatever the process said while it ended. */
function errorOf(unit: Unit, command: Finished): StoredError {
  const { outcome } = command;
  if (outcome.outcome === 'unkillable') {
    return {
      name: 'unkillable',
      message: `Attempt ${unit.attempts} could not be ended: process ${outcome.pids.join(', ')} is still there. Its slot stays taken until the daemon is started again.`,
      data: { pids: [...outcome.pids] },
    };
  }
  if (unit.stopping === 'timeout') {
    const limit = unit.task.definition.timeoutMs;
    return {
      name: 'timeout',
      message: `Attempt ${unit.attempts} ran longer than its timeout of ${limit} ms.`,
    };
  }
  if (unit.stopping === 'stop')
    return { name: 'cancelled', message: 'The run was stopped while this attempt ran.' };
  if (unit.stopping === 'drain') {
    return {
      name: 'interrupted',
      message: 'The daemon was stopped and this attempt had not ended by the drain timeout.',
    };
  }
  if (outcome.outcome === 'error') return outcome.error;
  return command.recovered === true
    ? {
        name: 'interrupted',
        message: `The daemon ended while attempt ${unit.attempts} ran, and it left no result.`,
      }
    : { name: 'process_gone', message: `The process of attempt ${unit.attempts} ended without a result.` };
}
