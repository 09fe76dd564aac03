import type { EndReason } from '../../../state/run-events.js';
import type { Draft } from './draft.js';
import type { Run, StopCause, Unit } from './state.js';
import { unitKey, unitTable } from './unit-table.js';

const causes = { ST: 'stop', TO: 'timeout', DR: 'drain' } as const satisfies Record<string, StopCause>;

/** Ends a run before its time: open units are cancelled, live attempts told to end unless they may finish. */
export function stopRun(
  draft: Draft,
  run: Run,
  reason: EndReason,
  how: { readonly because?: string; readonly actor?: string; readonly siblingsFinish?: boolean },
): void {
  draft.emit({
    type: 'run.stopping',
    runId: run.id,
    reason,
    ...(how.because === undefined ? {} : { because: how.because }),
    ...(how.actor === undefined ? {} : { actor: how.actor }),
  });
  if (how.siblingsFinish === true) return;
  for (const unit of run.liveUnits) stopUnit(draft, unit, 'ST');
}

/** Tells a live attempt to end, where the table says so. The intent is recorded before any signal is sent. */
export function stopUnit(draft: Draft, unit: Unit, input: keyof typeof causes): void {
  if (unit.attemptId === null || unitTable[unitKey(unit)][input] !== 'stop') return;
  draft.emit({
    type: 'attempt.stopping',
    runId: unit.task.run.id,
    attemptId: unit.attemptId,
    why: causes[input],
  });
}
