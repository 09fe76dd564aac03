import type { RunSnapshot, TaskSnapshot, UnitSnapshot } from '../../../state/run-snapshot.js';
import type { Run, Task, Unit } from './state.js';

/** The snapshot of a run, for `run.json`. Linear in its tasks and items. What it shares with the run never changes. */
export function toRunSnapshot(run: Run): RunSnapshot {
  return {
    definition: run.definitionBlob === null ? run.definition : { blob: run.definitionBlob },
    inputs: { ...run.inputs },
    env: { ...run.env },
    cwd: run.cwd,
    labels: { ...run.labels },
    key: run.key,
    actor: run.actor,
    phase: run.phase,
    reason: run.reason,
    because: run.because,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    tasks: [...run.tasks.values()].map(toTaskSnapshot),
  };
}

function toTaskSnapshot(task: Task): TaskSnapshot {
  return {
    id: task.definition.id,
    unit: toUnitSnapshot(task.unit),
    ...(task.items === null ? {} : { items: task.items.map(toUnitSnapshot) }),
    ...(task.itemValues === null || task.itemsHash !== null ? {} : { itemValues: [...task.itemValues] }),
    ...(task.itemsHash === null ? {} : { itemsHash: task.itemsHash }),
    ...(task.skip === null ? {} : { skip: task.skip }),
  };
}

/** Only what differs from a new unit: most units of a large run are pending or plainly succeeded. */
function toUnitSnapshot(unit: Unit): UnitSnapshot {
  return {
    state: unit.state,
    ...(unit.stopping === null ? {} : { stopping: unit.stopping }),
    ...(unit.attempts === 0 ? {} : { attempts: unit.attempts }),
    ...(unit.interrupted === 0 ? {} : { interrupted: unit.interrupted }),
    ...(unit.attemptId === null ? {} : { attemptId: unit.attemptId }),
    ...(unit.evaluated === null ? {} : { evaluated: unit.evaluated }),
    ...(unit.output === undefined || unit.blob !== null ? {} : { output: unit.output }),
    ...(unit.blob === null ? {} : { blob: unit.blob }),
    ...(unit.error === null ? {} : { error: unit.error }),
    ...(unit.retryAt === null ? {} : { retryAt: unit.retryAt }),
    ...(unit.readySeq === 0 ? {} : { readySeq: unit.readySeq }),
    ...(unit.startedAt === null ? {} : { startedAt: unit.startedAt }),
    ...(unit.endedAt === null ? {} : { endedAt: unit.endedAt }),
  };
}
