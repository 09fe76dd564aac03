import type { RunEvent } from '../../../state/run-events.js';
import { unitPlace } from '../core/attempt-id.js';
import type { EngineState, Run, Task } from '../core/state.js';
import { isEnded } from '../core/state.js';
import type { RunChange, RunChanges } from './run-changes.js';
import { runState, viewTask } from './run-view.js';

/**
 * What the events of a decide changed, as the state is right after it: told only once they are on disk, when the state in
 * memory may already be further on. Runs that nobody listens to cost nothing.
 */
export function collectChanges(
  state: EngineState,
  changes: RunChanges,
  events: readonly RunEvent[],
  seq: number,
): readonly RunChange[] {
  const changed = new Map<Run, Set<Task>>();
  for (const event of events) {
    if (!changes.isHeard(event.runId)) continue;
    const run = state.runs.get(event.runId);
    if (run === undefined) continue;
    const tasks = changed.get(run) ?? new Set();
    changed.set(run, tasks);
    for (const id of changedTasks(run, event)) {
      const task = run.tasks.get(id);
      if (task === undefined) continue;
      tasks.add(task);
      // What waited for it may have become ready.
      for (const { task: dependent } of task.dependents)
        if (dependent.unit.state === 'ready') tasks.add(dependent);
    }
  }
  return [...changed].map(([run, tasks]) => ({
    runId: run.id,
    seq,
    state: runState(run),
    tasks: [...tasks].map((task) => viewTask(task)),
    ended: isEnded(run.phase),
  }));
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
