import type { Run, Task } from '../core/state.js';

/** What one journal batch changed in a run. All of it is on disk. */
export interface RunChange {
  readonly run: Run;
  /** The newest journal line that the change covers. */
  readonly seq: number;
  readonly tasks: ReadonlySet<Task>;
  readonly ended: boolean;
}

export type ChangeListener = (change: RunChange) => void;

/** Who wants to know of changes, by run or of all runs. */
export interface RunChanges {
  listen(runId: string | null, listener: ChangeListener): () => void;
  /** Whether anybody would hear of this run: nothing is collected when not. */
  isHeard(runId: string): boolean;
  publish(change: RunChange): void;
}

export function createRunChanges(): RunChanges {
  const everything = new Set<ChangeListener>();
  const byRun = new Map<string, Set<ChangeListener>>();
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
    publish(change) {
      for (const listener of [...everything, ...(byRun.get(change.run.id) ?? [])]) listener(change);
    },
  };
}
