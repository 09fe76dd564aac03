import type * as wire from '../../../protocol/run-shape.js';
import type { StoredError } from '../../../state/run-events.js';
import { rfc3339 } from '../../kernel/clock.js';
import type { Known } from '../../kernel/handlers.js';
import type { Value } from '../../kernel/value/value.js';
import { hasEnded, type Run, type Task, taskState, type Unit, type UnitState } from '../core/state.js';

export type RunState = wire.RunState;
export type RunShape = Known<wire.RunShape>;
export type RunSummary = Known<wire.RunSummary>;
export type TaskRow = Known<wire.TaskRow>;
type ItemRow = Known<wire.ItemRow>;
type TaskError = Known<NonNullable<wire.TaskRow['error']>>;

/** The state of a run in the wire's words: a run that stops because of a cancel is "cancelling". */
export function runState(run: Run): RunState {
  return run.phase === 'stopping' && run.reason === 'cancelled' ? 'cancelling' : run.phase;
}

/** A run as `run/get` gives it. `items` asks for a page of the items of one for_each task. */
export function viewRun(
  run: Run,
  items?: { readonly taskId: string; readonly offset: number; readonly limit: number },
): RunShape {
  return {
    ...viewSummary(run),
    inputs: { ...run.inputs },
    tasks: [...run.tasks.values()].map((task) =>
      viewTask(task, items?.taskId === task.definition.id ? items : undefined),
    ),
  };
}

/** A run without its tasks. */
export function viewSummary(run: Run): RunSummary {
  const error = runError(run);
  return {
    id: run.id,
    workflow: run.definition.name,
    state: runState(run),
    ...labelsOf(run),
    ...(run.reason === null || run.reason === 'succeeded' ? {} : { reason: run.reason }),
    createdAt: rfc3339(run.createdAt),
    ...times(run),
    ...(error === null ? {} : { error }),
    ...(run.warnings === 0 ? {} : { warnings: run.warnings }),
  };
}

/** A task as a row; of a for_each task the counts by state, once it has ended its outputs by index. */
export function viewTask(task: Task, page?: { readonly offset: number; readonly limit: number }): TaskRow {
  const { unit, items } = task;
  const state = taskState(task);
  const reason = taskReason(task, state);
  return {
    id: task.definition.id,
    ...labelsOf(task.definition),
    state,
    attempts: items === null ? unit.attempts : task.itemAttempts,
    ...(unit.output === undefined ? {} : { output: unit.output }),
    ...(items !== null && hasEnded(unit.state)
      ? { outputs: items.map((item): Value => item.output ?? null) }
      : {}),
    ...(items === null ? {} : { counts: countsOf(task) }),
    ...(items === null || page === undefined
      ? {}
      : { items: items.slice(page.offset, page.offset + page.limit).map(viewItem) }),
    ...errorOf(failedItem(task) ?? unit),
    ...(reason === undefined ? {} : { reason }),
    ...nextAttempt(unit),
    ...times(unit),
  };
}

function viewItem(unit: Unit): ItemRow {
  const item = unit.item === null ? undefined : unit.task.itemValues?.[unit.item];
  return {
    index: unit.item ?? 0,
    ...(item === undefined ? {} : { item }),
    state: unit.state,
    attempts: unit.attempts,
    ...(unit.output === undefined ? {} : { output: unit.output }),
    ...errorOf(unit),
    ...nextAttempt(unit),
    ...times(unit),
  };
}

function failedItem(task: Task): Unit | undefined {
  if (task.items === null || task.itemCounts.failed + task.itemCounts.lost === 0) return undefined;
  return task.items.find((item) => item.state === 'failed' || item.state === 'lost');
}

const labelsOf = ({ labels }: Pick<Run, 'labels'>): { labels?: Readonly<Record<string, string>> } =>
  Object.keys(labels).length === 0 ? {} : { labels };

const errorOf = (unit: Unit): { error?: TaskError } =>
  unit.error === null ? {} : { error: errorView(unit.error) };

const errorView = ({ name, message, data }: StoredError): TaskError => ({
  name,
  message,
  ...(data === undefined ? {} : { data }),
});

const nextAttempt = (unit: Unit): { nextAttemptAt?: string } =>
  unit.state !== 'waiting' || unit.retryAt === null ? {} : { nextAttemptAt: rfc3339(unit.retryAt) };

function times(of: { readonly startedAt: number | null; readonly endedAt: number | null }): {
  startedAt?: string;
  endedAt?: string;
} {
  return {
    ...(of.startedAt === null ? {} : { startedAt: rfc3339(of.startedAt) }),
    ...(of.endedAt === null ? {} : { endedAt: rfc3339(of.endedAt) }),
  };
}

function countsOf(task: Task): Partial<Record<UnitState, number>> {
  return Object.fromEntries(Object.entries(task.itemCounts).filter(([, count]) => count > 0));
}

/** Why a task is where it is, where that is not plain from its state. */
function taskReason(task: Task, state: UnitState): string | undefined {
  const { run, unit, skip } = task;
  switch (state) {
    case 'pending': {
      if (run.phase === 'queued') return 'the run is queued';
      return task.unmet === 0 ? 'to be decided' : `needs ${openNeeds(task).join(', ')}`;
    }
    case 'ready':
      return 'waits for a free slot';
    case 'waiting':
      return `retry after attempt ${unit.attempts} of ${task.definition.retry.attempts}`;
    case 'stopping':
      return unit.stopping === null ? undefined : `told to end: ${unit.stopping}`;
    case 'skipped':
      if (skip?.because == null) return 'its "when" was false';
      return skip.reason === 'when' ? `${skip.because} was skipped` : `${skip.because} did not succeed`;
    case 'cancelled':
      return run.reason === null ? undefined : `the run was stopped: ${run.reason}`;
    default:
      return undefined;
  }
}

/** The first needs that have not ended: enough to tell, for a task may have thousands. */
function openNeeds({ run, definition, unmet }: Task): string[] {
  const shown: string[] = [];
  for (const { task: id } of definition.needs) {
    const upstream = run.tasks.get(id);
    if (upstream === undefined || hasEnded(upstream.unit.state)) continue;
    if (shown.length === 5) return [...shown, `${unmet - 5} more`];
    shown.push(id);
  }
  return shown;
}

/** The error of a run: that of the task that ended it, else of the first task that failed. */
function runError(run: Run): TaskError | null {
  if (run.reason === 'timeout') {
    return {
      name: 'timeout',
      message: `The run went on longer than its timeout of ${run.definition.timeoutMs} ms.`,
    };
  }
  if (run.phase !== 'failed' && run.reason !== 'failed') return null;
  const because = run.because === null ? undefined : run.tasks.get(run.because);
  const task =
    because ?? [...run.tasks.values()].find(({ unit }) => unit.state === 'failed' || unit.state === 'lost');
  if (task === undefined) return null;
  const unit = failedItem(task) ?? task.unit;
  const place = unit.item === null ? task.definition.id : `${task.definition.id}[${unit.item}]`;
  return {
    name: unit.error?.name ?? 'failed',
    message: `Task ${place} ${unit.state === 'lost' ? 'was lost' : 'failed'}: ${unit.error?.message ?? 'no reason was recorded'}`,
    ...(unit.error?.data === undefined ? {} : { data: unit.error.data }),
  };
}
