import type { RunState, TaskRow } from './run-view.js';

/** What one journal batch changed in a run, as it was then. All of it is on disk when it is told. */
export interface RunChange {
  readonly runId: string;
  /** The newest journal line that the change covers. */
  readonly seq: number;
  readonly state: RunState;
  readonly tasks: readonly TaskRow[];
  readonly ended: boolean;
}

export type ChangeListener = (change: RunChange) => void;

/** Who wants to know of changes, by run or of all runs. */
export interface RunChanges {
  listen(runId: string | null, listener: ChangeListener): () => void;
  /** Whether anybody would hear of this run: nothing is collected when not. */
  isHeard(runId: string): boolean;
  /** Tells the changes of one batch: those of one run as one, the newest row of each task. */
  publish(changes: readonly RunChange[]): void;
}

export function createRunChanges(): RunChanges {
  const everything = new Set<ChangeListener>();
  const byRun = new Map<string, Set<ChangeListener>>();

  function tell(change: RunChange): void {
    for (const listener of [...everything, ...(byRun.get(change.runId) ?? [])]) listener(change);
  }

  return {
    listen(runId, listener) {
      if (runId === null) {
        everything.add(listener);
        return () => everything.delete(listener);
      }
      const listeners = byRun.get(runId) ?? new Set();
      byRun.set(runId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byRun.get(runId) === listeners) byRun.delete(runId);
      };
    },
    isHeard: (runId) => everything.size > 0 || byRun.has(runId),
    publish(changes) {
      const merged = new Map<string, RunChange>();
      for (const change of changes) {
        const before = merged.get(change.runId);
        merged.set(change.runId, before === undefined ? change : merge(before, change));
      }
      for (const change of merged.values()) tell(change);
    },
  };
}

function merge(before: RunChange, after: RunChange): RunChange {
  const rows = new Map(before.tasks.map((row) => [row.id, row]));
  for (const row of after.tasks) rows.set(row.id, row);
  return { ...after, tasks: [...rows.values()] };
}
