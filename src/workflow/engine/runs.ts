import { runState as runStateSchema } from '../../../protocol/run-shape.js';
import { rfc3339 } from '../../kernel/clock.js';
import { Failure } from '../../kernel/failure.js';
import { onAbort } from '../../kernel/signal.js';
import { isEnded, type Run } from '../core/state.js';
import type { Alarm, FinishedRow, RunStore } from '../ports.js';
import type { Engine } from './engine.js';
import { restoreEndedRun } from './restore-state.js';
import { type RunShape, type RunState, type RunSummary, runState, viewRun, viewSummary } from './run-view.js';

export interface ItemPage {
  readonly taskId: string;
  readonly offset: number;
  readonly limit: number;
}

export interface RunFilter {
  readonly workflow?: string;
  readonly state?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What clients may ask about runs and of them. Everything told is on disk. */
export interface Runs {
  /** The run, live or filed; memory may be ahead of the disk by a batch. Throws Failure `run_not_found`. */
  find(runId: string): Promise<Run>;
  get(runId: string, items?: ItemPage): Promise<RunShape>;
  /** The run once it has ended, or as it is after so many milliseconds. */
  wait(runId: string, timeoutMs: number | undefined, signal: AbortSignal): Promise<RunShape>;
  list(
    filter: RunFilter,
    limit: number,
    cursor: string | undefined,
  ): Promise<{ runs: RunSummary[]; nextCursor?: string }>;
  /** Asks a run to stop. Throws Failure `run_ended`. */
  cancel(runId: string, how: { readonly force: boolean; readonly actor: string }): Promise<RunState>;
}

export function createRuns({
  engine,
  store,
  alarm,
  now,
}: {
  readonly engine: Engine;
  readonly store: RunStore;
  readonly alarm: Alarm;
  readonly now: () => number;
}): Runs {
  async function find(runId: string): Promise<Run> {
    const live = engine.state.runs.get(runId);
    if (live !== undefined) return live;
    const document = isRunId(runId) ? await store.readRun(runId) : null;
    if (document !== null) return restoreEndedRun(store, document);
    throw new Failure('run_not_found', `There is no run ${JSON.stringify(runId.slice(0, 80))}.`, {
      expected: 'the id of a run of this state directory',
      got: runId.slice(0, 80),
    });
  }

  /** What was read from memory, once the disk has it as well. */
  async function told<T>(view: T): Promise<T> {
    await engine.settled();
    return view;
  }

  return {
    find,
    async get(runId, items) {
      const run = await find(runId);
      if (items !== undefined && !run.tasks.has(items.taskId)) throw noTask(run, items.taskId);
      return told(viewRun(run, items));
    },
    async wait(runId, timeoutMs, signal) {
      const run = await find(runId);
      if (!isEnded(run.phase)) await untilEnded(engine, alarm, now, run, timeoutMs, signal);
      return told(viewRun(await find(runId)));
    },
    async list(filter, limit, cursor) {
      const before = cursor?.startsWith('m') === true ? Number(cursor.slice(1)) : Number.POSITIVE_INFINITY;
      const runs: RunSummary[] = [];
      if (cursor === undefined || cursor.startsWith('m')) {
        const inMemory = [...engine.state.runs.values()]
          .filter((run) => run.firstSeq < before && matches(run, filter))
          .sort((a, b) => b.firstSeq - a.firstSeq);
        const page = inMemory.slice(0, limit);
        runs.push(...page.map(viewSummary));
        const last = page.at(-1);
        await engine.settled();
        if (inMemory.length > limit && last !== undefined) return { runs, nextCursor: `m${last.firstSeq}` };
      }
      if (runs.length === limit) return { runs, nextCursor: 'f' };
      const stored = cursor?.startsWith('f') === true ? cursor.slice(1) : '';
      const page = await store.listFinished({
        limit: limit - runs.length,
        ...(stored === '' ? {} : { cursor: stored }),
        ...filter,
      });
      // A run that was filed just now may still be in memory, and was listed there.
      runs.push(...page.runs.filter(({ id }) => !engine.state.runs.has(id)).map(viewRow));
      return page.nextCursor === null ? { runs } : { runs, nextCursor: `f${page.nextCursor}` };
    },
    async cancel(runId, { force, actor }) {
      const run = await find(runId);
      if (isEnded(run.phase)) {
        throw new Failure('run_ended', `Run ${runId} has ended already: ${runState(run)}.`, {
          got: runState(run),
        });
      }
      engine.execute({ type: 'cancel', runId, actor });
      await engine.settled();
      if (force) engine.killRun(run);
      return runState(run);
    },
  };
}

/** Only what can be an id becomes a path. */
const isRunId = (text: string): boolean => /^r-[0-9a-z]{10,40}$/.test(text);

export function noTask(run: Run, taskId: string): Failure {
  return new Failure('not_found', `Run ${run.id} has no task ${JSON.stringify(taskId)}.`, {
    expected: [...run.tasks.keys()].slice(0, 20).join(', '),
    got: taskId,
  });
}

function matches(run: Run, { workflow, state, labels }: RunFilter): boolean {
  if (workflow !== undefined && run.definition.name !== workflow) return false;
  if (state !== undefined && runState(run) !== state) return false;
  return Object.entries(labels ?? {}).every(([key, value]) => run.labels[key] === value);
}

/** Resolves when the run has ended, when the time is over, or when the client no longer asks. */
function untilEnded(
  engine: Engine,
  alarm: Alarm,
  now: () => number,
  run: Run,
  timeoutMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const undo: (() => void)[] = [];
    const settle = (then: () => void) => () => {
      for (const each of undo) each();
      then();
    };
    const done = settle(resolve);
    undo.push(
      engine.changes.listen(run.id, ({ ended }) => {
        if (ended) done();
      }),
    );
    if (timeoutMs !== undefined) undo.push(alarm(now() + timeoutMs, done));
    undo.push(
      onAbort(
        signal,
        settle(() => reject(new Failure('request_cancelled', 'The wait was cancelled; the run goes on.'))),
      ),
    );
  });
}

function viewRow(row: FinishedRow): RunSummary {
  return {
    id: row.id,
    workflow: row.workflow,
    state: runStateSchema.parse(row.state),
    ...(Object.keys(row.labels).length === 0 ? {} : { labels: { ...row.labels } }),
    createdAt: rfc3339(row.createdAt),
    ...(row.startedAt === null ? {} : { startedAt: rfc3339(row.startedAt) }),
    endedAt: rfc3339(row.endedAt),
  };
}
