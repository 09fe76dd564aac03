import type { RunEvent } from '../../../state/run-events.js';
import type { EngineState, Run, Task } from '../core/state.js';
import { unitPlace } from './alarms.js';
import type { RunChanges } from './run-changes.js';

/** Tells listeners what a batch of events changed, once a run. Runs that nobody listens to cost nothing. */
export function publishChanges(
  state: EngineState,
  changes: RunChanges,
  events: readonly RunEvent[],
  seq: number,
): void {
  const changed = new Map<Run, { tasks: Set<Task>; ended: boolean }>();
  for (const event of events) {
    if (!changes.isHeard(event.runId)) continue;
    const run = state.runs.get(event.runId);
    if (run === undefined) continue;
    const entry = changed.get(run) ?? { tasks: new Set(), ended: false };
    changed.set(run, entry);
    if (event.type === 'run.ended') entry.ended = true;
    for (const id of changedTasks(run, event)) {
      const task = run.tasks.get(id);
      if (task === undefined) continue;
      entry.tasks.add(task);
      // What waits for it may be ready now.
      for (const { task: dependent } of task.dependents) entry.tasks.add(dependent);
    }
  }
  for (const [run, { tasks, ended }] of changed) changes.publish({ run, seq, tasks, ended });
}

function changedTasks(run: Run, event: RunEvent): Iterable<string> {
  switch (event.type) {
    case 'run.submitted':
    case 'run.started':
    case 'run.stopping':
      return run.tasks.keys();
    case 'run.ended':
    case 'attempt.spawned':
      return [];
    case 'task.skipped':
      return event.tasks;
    case 'attempt.stopping':
    case 'attempt.finished':
      return [unitPlace(event.runId, event.attemptId).taskId];
    default:
      return [event.taskId];
  }
}
