import type { TaskDefinition, WorkflowDefinition } from '../../../state/definition.js';
import type { EventOf } from '../../../state/run-events.js';
import type { Value } from '../../kernel/value/value.js';
import { Fifo } from './fifo.js';
import type { Dependent, Pool, Run, Task, Unit, UnitState } from './state.js';

/** Builds a queued run with its graph: linear in tasks and needs. */
export function createRun(
  event: EventOf<'run.submitted'>,
  definition: WorkflowDefinition,
  at: { readonly time: number; readonly seq: number },
): Run {
  const tasks = new Map<string, Task>();
  const run: Run = {
    id: event.runId,
    definition,
    definitionBlob: 'blob' in event.definition ? event.definition.blob : null,
    inputs: event.inputs,
    env: event.env,
    cwd: event.cwd,
    labels: event.labels,
    key: event.key ?? null,
    actor: event.actor,
    generation: 1,
    phase: 'queued',
    reason: null,
    because: null,
    createdAt: at.time,
    startedAt: null,
    endedAt: null,
    firstSeq: at.seq,
    seq: at.seq,
    tasks,
    unended: definition.tasks.length,
    failures: 0,
    warnings: 0,
    live: 0,
    liveUnits: new Set(),
    pool: createPool(null),
    openPools: new Fifo(),
    listed: false,
  };
  definition.tasks.forEach((task, index) => {
    tasks.set(task.id, new RunTask(run, task, index));
  });
  for (const task of tasks.values()) {
    for (const need of task.definition.needs) {
      const upstream = tasks.get(need.task);
      // Only an optional need may name a task that is not in the file; the validation refused all others.
      if (upstream === undefined) continue;
      upstream.dependents.push({ task, kind: need.kind, ifSkipped: need.ifSkipped });
      task.unmet += 1;
    }
  }
  return run;
}

/** Shared by the tasks that never have items: most runs hold nothing else. */
const noItems: Record<UnitState, number> = Object.freeze(emptyCounts());

/** A class because a task and its unit refer to each other from the start. */
class RunTask implements Task {
  readonly run: Run;
  readonly definition: TaskDefinition;
  readonly index: number;
  readonly dependents: Dependent[] = [];
  unmet = 0;
  readonly unit: Unit;
  items: Unit[] | null = null;
  itemValues: readonly Value[] | null = null;
  itemsHash: string | null = null;
  readonly itemCounts: Task['itemCounts'];
  unendedItems = 0;
  itemAttempts = 0;
  readonly pool: Pool;
  skip: Task['skip'] = null;

  constructor(run: Run, definition: TaskDefinition, index: number) {
    this.run = run;
    this.definition = definition;
    this.index = index;
    this.pool = definition.maxParallel === null ? run.pool : createPool(definition.maxParallel);
    this.unit = createUnit(this, null);
    this.itemCounts = definition.forEach === undefined ? noItems : emptyCounts();
  }
}

export function createUnit(task: Task, item: number | null): Unit {
  return {
    task,
    item,
    state: 'pending',
    stopping: null,
    attempts: 0,
    interrupted: 0,
    attemptId: null,
    evaluated: null,
    output: undefined,
    blob: null,
    error: null,
    retryAt: null,
    readySeq: 0,
    startedAt: null,
    endedAt: null,
  };
}

function createPool(limit: number | null): Pool {
  return { limit: limit ?? Number.POSITIVE_INFINITY, live: 0, ready: new Fifo(), listed: false };
}

function emptyCounts(): Record<UnitState, number> {
  return {
    pending: 0,
    ready: 0,
    running: 0,
    stopping: 0,
    waiting: 0,
    succeeded: 0,
    failed: 0,
    skipped: 0,
    cancelled: 0,
    lost: 0,
  };
}
