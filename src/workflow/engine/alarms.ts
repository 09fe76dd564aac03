import type { EventOf } from '../../../state/run-events.js';
import { unitPlace } from '../core/attempt-id.js';
import type { Command } from '../core/command.js';
import type { Run, Unit } from '../core/state.js';
import type { Alarm } from '../ports.js';

/** The timers of the engine: retries that are due, runs that have gone on too long. They are derived: recovery sets them again. */
export interface Alarms {
  /** Sets the timer of a retry, when the end of an attempt asks for one. */
  retry(event: EventOf<'attempt.finished'>): void;
  runTimeout(run: Run | undefined): void;
  /** Sets all timers of a run after a replay. */
  restore(run: Run): void;
  /** Takes back the timers of a run. */
  clear(runId: string): void;
  close(): void;
}

export function createAlarms(alarm: Alarm, execute: (command: Command) => void): Alarms {
  const byRun = new Map<string, Set<() => void>>();

  function set(runId: string, at: number, command: Command): void {
    const alarms = byRun.get(runId) ?? new Set();
    byRun.set(runId, alarms);
    const cancel = alarm(at, () => {
      alarms.delete(cancel);
      execute(command);
    });
    alarms.add(cancel);
  }

  const setRetry = (runId: string, taskId: string, item: number | null, at: number): void =>
    set(runId, at, { type: 'retry-due', runId, taskId, item });

  function runTimeout(run: Run | undefined): void {
    const timeout = run?.definition.timeoutMs;
    if (run === undefined || run.startedAt === null || timeout == null || run.phase !== 'running') return;
    set(run.id, run.startedAt + timeout, { type: 'run-timeout', runId: run.id });
  }

  return {
    retry({ runId, attemptId, retryAt }) {
      if (retryAt === undefined) return;
      const { taskId, item } = unitPlace(runId, attemptId);
      setRetry(runId, taskId, item, retryAt);
    },
    runTimeout,
    restore(run) {
      runTimeout(run);
      for (const task of run.tasks.values()) {
        for (const unit of task.items ?? [task.unit]) restoreRetry(unit);
      }
    },
    clear(runId) {
      for (const cancel of byRun.get(runId) ?? []) cancel();
      byRun.delete(runId);
    },
    close() {
      for (const runId of [...byRun.keys()]) this.clear(runId);
    },
  };

  function restoreRetry(unit: Unit): void {
    if (unit.state !== 'waiting' || unit.retryAt === null) return;
    setRetry(unit.task.run.id, unit.task.definition.id, unit.item, unit.retryAt);
  }
}
