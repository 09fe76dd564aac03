import type { Evaluated, RunEvent } from '../../../state/run-events.js';
import { admit } from './admit.js';
import { workAgenda } from './agenda.js';
import type { Command } from './command.js';
import { createDraft, type DecideContext, type Draft } from './draft.js';
import { finishAttempt } from './finish-attempt.js';
import { runTable } from './run-table.js';
import { isEnded } from './state.js';
import { stopRun, stopUnit } from './stop-run.js';
import { unitKey, unitTable } from './unit-table.js';

export interface Decision {
  /** In order; already applied to the state. Empty when the command changed nothing. */
  readonly events: readonly RunEvent[];
  /** What to do in each attempt that was started. */
  readonly orders: ReadonlyMap<string, Evaluated>;
}

/**
 * Decides a command: the whole consequence as events (result, skips, freed slot, admissions, the end of the run), which are one
 * journal line and all or nothing at replay. The state is changed in place, as `apply` changes it.
 */
export function decide(state: Draft['state'], command: Command, context: DecideContext): Decision {
  const draft = createDraft(state, context, () => {
    if (command.type !== 'submit') throw new Error(`Only a submit brings a definition, not ${command.type}.`);
    return command.definition;
  });
  handle(draft, command);
  // Admission can fail a unit (its expressions do not evaluate), which puts new work on the agenda.
  do workAgenda(draft);
  while (admit(draft));
  return { events: draft.events, orders: draft.orders };
}

function handle(draft: Draft, command: Command): void {
  const { state } = draft;
  switch (command.type) {
    case 'submit':
      draft.emit(command.event);
      return;
    case 'cancel': {
      const run = state.runs.get(command.runId);
      if (run === undefined) return;
      const move = runTable[run.phase].cancel;
      if (move === 'stop(cancelled)') stopRun(draft, run, 'cancelled', { actor: command.actor });
      // The run is stopping for another reason, which stays; attempts that were allowed to finish are ended all the same,
      // since somebody now asks for it.
      else if (move === 'answer') for (const unit of run.liveUnits) stopUnit(draft, unit, 'ST');
      return;
    }
    case 'run-timeout': {
      const run = state.runs.get(command.runId);
      if (run !== undefined && runTable[run.phase].timeout === 'stop(timeout)')
        stopRun(draft, run, 'timeout', {});
      return;
    }
    case 'finished': {
      const unit = state.attempts.get(command.attemptId);
      // Results come at least once: one that was settled already is no news.
      if (unit !== undefined) finishAttempt(draft, unit, command);
      return;
    }
    case 'timed-out': {
      const unit = state.attempts.get(command.attemptId);
      if (unit !== undefined) stopUnit(draft, unit, 'TO');
      return;
    }
    case 'retry-due': {
      const task = state.runs.get(command.runId)?.tasks.get(command.taskId);
      const unit = command.item === null ? task?.unit : task?.items?.[command.item];
      if (unit === undefined || unitTable[unitKey(unit)].TM !== 'ready') return;
      draft.emit({
        type: 'task.ready',
        runId: command.runId,
        taskId: command.taskId,
        ...(command.item === null ? {} : { item: command.item }),
      });
      return;
    }
    case 'drain':
      for (const unit of state.attempts.values()) {
        if (!isEnded(unit.task.run.phase)) stopUnit(draft, unit, 'DR');
      }
      return;
    case 'wake':
      return;
  }
}
