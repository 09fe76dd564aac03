import type { Need, TaskDefinition, WorkflowDefinition } from '../../../state/definition.js';
import type { BlobRef, EndReason, Evaluated, StoredError } from '../../../state/run-events.js';
import type { RunSnapshot, UnitSnapshot } from '../../../state/run-snapshot.js';
import type { Value, ValueRecord } from '../../kernel/value/value.js';
import { Fifo } from './fifo.js';

/** The states of a unit (a task, or one item of a for_each task) and of a run, in the words of engine-semantics B and of the disk. */
export type UnitState = UnitSnapshot['state'];
export type StopCause = NonNullable<UnitSnapshot['stopping']>;
export type RunPhase = RunSnapshot['phase'];

/** What runs: one attempt at a time. The engine's smallest thing with a state of its own. */
export interface Unit {
  readonly task: Task;
  /** Index of a for_each item, else null. */
  readonly item: number | null;
  state: UnitState;
  /** Why a stopping unit was told to end: the first reason wins. */
  stopping: StopCause | null;
  /** Attempts started, and how many of them a drain interrupted (those do not count against the limit). */
  attempts: number;
  interrupted: number;
  attemptId: string | null;
  /** Recorded at the first attempt and used again by later ones. */
  evaluated: Evaluated | null;
  output: Value | undefined;
  blob: BlobRef | null;
  error: StoredError | null;
  retryAt: number | null;
  /** Place in the order of becoming ready; a retry keeps its first. */
  readySeq: number;
  startedAt: number | null;
  endedAt: number | null;
}

/**
 * A task of a run. The state of a for_each task is computed from its items: its unit is pending before the expansion,
 * "running" while items are open, and then holds the end that the items came to.
 */
export interface Task {
  readonly run: Run;
  readonly definition: TaskDefinition;
  readonly index: number;
  readonly dependents: Dependent[];
  /** Needs that have not ended yet. */
  unmet: number;
  readonly unit: Unit;
  items: Unit[] | null;
  itemValues: readonly Value[] | null;
  /** sha256 of item values that are evaluated again. */
  itemsHash: string | null;
  readonly itemCounts: Record<UnitState, number>;
  /** Items that have not ended, and attempts of all items together. */
  unendedItems: number;
  itemAttempts: number;
  readonly pool: Pool;
  skip: { readonly reason: 'when' | 'upstream'; readonly because: string | null } | null;
}

export interface Dependent {
  readonly task: Task;
  readonly kind: Need['kind'];
  readonly ifSkipped: Need['ifSkipped'];
}

/** Ready units that share a limit: those of one task with `max_parallel`, or all others of the run. */
export interface Pool {
  readonly limit: number;
  live: number;
  readonly ready: Fifo<Unit>;
  /** Whether the pool is in its run's list of pools that may admit. */
  listed: boolean;
}

export interface Run {
  readonly id: string;
  readonly definition: WorkflowDefinition;
  /** Where the definition is kept when it is too large for the journal line. */
  readonly definitionBlob: BlobRef | null;
  readonly inputs: ValueRecord;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly key: { readonly text: string; readonly sha256: string } | null;
  readonly actor: string;
  readonly generation: number;
  phase: RunPhase;
  reason: EndReason | null;
  because: string | null;
  readonly createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Seq of the first and the newest journal line of this run. */
  readonly firstSeq: number;
  seq: number;
  readonly tasks: Map<string, Task>;
  /** Tasks that have not ended; failed or lost ones whose failure counts. */
  unended: number;
  failures: number;
  warnings: number;
  /** Units that hold a slot: running and stopping. */
  live: number;
  readonly liveUnits: Set<Unit>;
  readonly pool: Pool;
  readonly openPools: Fifo<Pool>;
  /** Whether the run is in the engine's rotation of runs that may admit. */
  listed: boolean;
}

/**
 * What follows from the events applied so far and is still to be decided. Derived state: replay fills it again, and an
 * entry that no longer holds is dropped when it is looked at.
 */
export interface Agenda {
  /** Queued runs whose lane is free. */
  readonly startable: Fifo<Run>;
  /** Pending tasks with a need that can no longer be satisfied. */
  readonly blocked: Fifo<{
    readonly task: Task;
    readonly reason: 'when' | 'upstream';
    readonly because: string;
  }>;
  /** Tasks whose needs are met and whose `when` or `for_each` is to be evaluated. */
  readonly undecided: Fifo<Task>;
  /** Tasks that ended failed or lost. */
  readonly failed: Fifo<Task>;
  /** for_each tasks with a failed item. */
  readonly failedItems: Fifo<Task>;
  /** Runs that may have come to their end. */
  readonly endable: Fifo<Run>;
}

export interface EngineState {
  readonly runs: Map<string, Run>;
  /** Live units by attempt id. */
  readonly attempts: Map<string, Unit>;
  /** Runs that may admit work, served in turn. */
  readonly rotation: Fifo<Run>;
  readonly agenda: Agenda;
  /** Per workflow: the run that is going and those that wait for it (overlap = queue). */
  readonly lanes: Map<string, Lane>;
  readonly keys: Map<string, { readonly runId: string; readonly sha256: string; readonly at: number }>;
  /** Units that hold a slot in all runs, and slots lost to processes that cannot be ended. */
  live: number;
  quarantined: number;
  /** Unfinished runs. */
  unfinished: number;
  readySeq: number;
}

export interface Lane {
  current: Run | null;
  readonly waiting: Fifo<Run>;
}

export function createEngineState(): EngineState {
  return {
    runs: new Map(),
    attempts: new Map(),
    rotation: new Fifo(),
    agenda: {
      startable: new Fifo(),
      blocked: new Fifo(),
      undecided: new Fifo(),
      failed: new Fifo(),
      failedItems: new Fifo(),
      endable: new Fifo(),
    },
    lanes: new Map(),
    keys: new Map(),
    live: 0,
    quarantined: 0,
    unfinished: 0,
    readySeq: 0,
  };
}

/** Runs of the same workflow of the same project wait for each other. */
export function laneOf(state: EngineState, run: Run): Lane {
  const key = `${run.definition.root}\0${run.definition.name}`;
  let lane = state.lanes.get(key);
  if (lane === undefined) {
    lane = { current: null, waiting: new Fifo() };
    state.lanes.set(key, lane);
  }
  return lane;
}

export const isEnded = (phase: RunPhase): boolean =>
  phase === 'succeeded' || phase === 'failed' || phase === 'cancelled';

const endedStates: ReadonlySet<UnitState> = new Set(['succeeded', 'failed', 'skipped', 'cancelled', 'lost']);
export const hasEnded = (state: UnitState): boolean => endedStates.has(state);
export const isLive = (state: UnitState): boolean => state === 'running' || state === 'stopping';

/** The state of a task: its unit's, or once expanded what its items come to. */
export function taskState(task: Task): UnitState {
  if (task.items === null || task.unit.state !== 'running') return task.unit.state;
  const counts = task.itemCounts;
  if (counts.running > 0) return 'running';
  if (counts.stopping > 0) return 'stopping';
  if (counts.waiting > 0) return 'waiting';
  return 'ready';
}
