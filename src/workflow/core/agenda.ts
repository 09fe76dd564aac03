import type { Draft } from './draft.js';
import { runTable } from './run-table.js';
import type { Run, Task, Unit } from './state.js';
import { stopRun } from './stop-run.js';

/** Decides all that follows from the events so far, until nothing more does. Entries that no longer hold are dropped. */
export function workAgenda(draft: Draft): void {
  const { agenda } = draft.state;
  for (;;) {
    if (agenda.blocked.size > 0) skipBlocked(draft);
    else if (agenda.failedItems.size > 0) cancelSiblings(draft, agenda.failedItems.shift());
    else if (agenda.failed.size > 0) applyPolicy(draft, agenda.failed.shift());
    else if (agenda.undecided.size > 0 && draft.context.admitting)
      decideTask(draft, agenda.undecided.shift());
    else if (agenda.endable.size > 0) endRun(draft, agenda.endable.shift());
    else if (agenda.startable.size > 0 && draft.context.admitting) startRun(draft, agenda.startable.shift());
    else return;
  }
}

function startRun(draft: Draft, run: Run | undefined): void {
  if (run !== undefined && runTable[run.phase].admit === 'start')
    draft.emit({ type: 'run.started', runId: run.id });
}

/** Skips what can no longer run, with all that depends on it: one event for each run and cause, however long the chain. */
function skipBlocked(draft: Draft): void {
  const { blocked } = draft.state.agenda;
  for (let first = blocked.shift(); first !== undefined; first = blocked.shift()) {
    if (first.task.unit.state !== 'pending') continue;
    const found = new Set([first.task]);
    for (const task of found) {
      for (const { task: dependent, kind, ifSkipped } of task.dependents) {
        const runs = kind === 'soft' || (first.reason === 'when' && ifSkipped === 'run');
        if (!runs && dependent.unit.state === 'pending') found.add(dependent);
      }
    }
    draft.emit({
      type: 'task.skipped',
      runId: first.task.run.id,
      tasks: [...found].map((task) => task.definition.id),
      reason: first.reason,
      because: first.because,
    });
  }
}

/** A for_each task fails with its first failed item: open items are cancelled, running ones finish. */
function cancelSiblings(draft: Draft, task: Task | undefined): void {
  if (task === undefined || task.unendedItems === 0) return;
  const counts = task.itemCounts;
  if (counts.pending + counts.ready + counts.waiting === 0) return;
  draft.emit({ type: 'items.cancelled', runId: task.run.id, taskId: task.definition.id });
}

function applyPolicy(draft: Draft, task: Task | undefined): void {
  if (task === undefined || runTable[task.run.phase]['task-failed'] !== 'stop-by-policy') return;
  const { definition, run } = task;
  const policy = definition.allowFailure ? 'continue' : (definition.onFailure ?? run.definition.onFailure);
  if (policy === 'continue' && !outcomeUnknown(task)) return;
  stopRun(draft, run, 'failed', {
    because: definition.id,
    siblingsFinish: run.definition.runningSiblings === 'finish',
  });
}

/** Lost by a crash or a drain: nobody knows what the task did, so the run stops whatever the policy says. */
function outcomeUnknown(task: Task): boolean {
  const unknown = (unit: Unit) => unit.state === 'lost' && unit.error?.name !== 'unkillable';
  return task.items === null ? unknown(task.unit) : task.itemCounts.lost > 0 && task.items.some(unknown);
}

function decideTask(draft: Draft, task: Task | undefined): void {
  if (task === undefined || task.unit.state !== 'pending' || task.run.phase !== 'running') return;
  const { evaluate } = draft.context;
  const place = { runId: task.run.id, taskId: task.definition.id };
  if (task.definition.when !== undefined) {
    const when = evaluate.when(task);
    if ('error' in when) {
      draft.emit({ type: 'task.failed', ...place, error: when.error });
      return;
    }
    if (!when.ok) {
      draft.emit({ type: 'task.skipped', runId: task.run.id, tasks: [task.definition.id], reason: 'when' });
      return;
    }
  }
  if (task.definition.forEach === undefined) {
    draft.emit({ type: 'task.ready', ...place });
    return;
  }
  const items = evaluate.items(task);
  if ('error' in items) {
    draft.emit({ type: 'task.failed', ...place, error: items.error });
    return;
  }
  const { values, bytes, sha256 } = items.ok;
  draft.emit({
    type: 'task.expanded',
    ...place,
    count: values.length,
    items: draft.mayRecord(bytes) ? [...values] : { sha256: sha256() },
  });
  // Evaluated just now: no need to do it again before the next restart.
  task.itemValues = values;
}

function endRun(draft: Draft, run: Run | undefined): void {
  if (run === undefined || run.unended > 0 || run.live > 0) return;
  switch (runTable[run.phase]['all-ended']) {
    case 'succeed-or-fail':
      draft.emit(
        run.failures === 0
          ? { type: 'run.ended', runId: run.id, state: 'succeeded', reason: 'succeeded' }
          : { type: 'run.ended', runId: run.id, state: 'failed', reason: 'failed' },
      );
      return;
    case 'end-by-reason':
      draft.emit({
        type: 'run.ended',
        runId: run.id,
        state: run.reason === 'cancelled' ? 'cancelled' : 'failed',
        reason: run.reason ?? 'failed',
      });
      return;
    default:
  }
}
