import { apply } from '../../../../src/workflow/core/apply.js';
import type { Command } from '../../../../src/workflow/core/command.js';
import { decide } from '../../../../src/workflow/core/decide.js';
import type { Evaluate } from '../../../../src/workflow/core/draft.js';
import { restoreRun } from '../../../../src/workflow/core/restore-run.js';
import { toRunSnapshot } from '../../../../src/workflow/core/run-snapshot.js';
import {
  createEngineState,
  type EngineState,
  isEnded,
  type Run,
} from '../../../../src/workflow/core/state.js';
import { viewRun } from '../../../../src/workflow/engine/run-view.js';
import type { TaskDefinition, WorkflowDefinition } from '../../../../state/definition.js';
import type { RunEvent } from '../../../../state/run-events.js';

/** A task with everything at its default; `code` stands for any kind. */
export function task(id: string, over: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    id,
    needs: [],
    maxParallel: null,
    action: { kind: 'code', source: '1' },
    env: {},
    isolated: false,
    idempotent: false,
    allowFailure: false,
    labels: {},
    retry: { attempts: 1, backoff: 'fixed', initialMs: 10, maxMs: 1000, jitter: false },
    timeoutMs: null,
    graceMs: 1000,
    ...over,
  };
}

export const hard = (id: string): TaskDefinition['needs'][number] => ({
  task: id,
  kind: 'hard',
  ifSkipped: 'skip',
});

export function workflow(
  tasks: readonly TaskDefinition[],
  over: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return {
    name: 'w',
    root: '/project',
    file: null,
    maxParallel: null,
    timeoutMs: null,
    onFailure: 'fail',
    overlap: 'queue',
    runningSiblings: 'finish',
    inputs: {},
    tasks: [...tasks],
    ...over,
  };
}

/** The core with a journal in memory: what a daemon is to it, without clock, disk and processes. */
export interface World {
  state: EngineState;
  readonly lines: { readonly seq: number; readonly time: number; readonly events: readonly RunEvent[] }[];
  /** Attempts told to end. */
  readonly stopped: Set<string>;
  time: number;
  do(command: Command): readonly RunEvent[];
  submit(id: string, definition: WorkflowDefinition): void;
  run(id?: string): Run;
  /** Ids of live attempts, in the order they started. */
  live(): string[];
  attemptOf(taskId: string, item?: number): string;
  succeed(taskId: string, item?: number): readonly RunEvent[];
  fail(taskId: string, item?: number): readonly RunEvent[];
  /** The state that a restart comes to: `fromSnapshots` restores documents, otherwise all events are replayed. */
  restarted(fromSnapshots: boolean): EngineState;
}

/** `when` is "true" or "false" as text; `forEach` is a literal list. */
export const literals: Evaluate = {
  when: ({ definition }) =>
    definition.when === 'broken'
      ? { error: { name: 'template_failed', message: 'broken' } }
      : { ok: definition.when === 'true' },
  items: ({ definition }) => {
    const values = Array.isArray(definition.forEach) ? definition.forEach : [];
    return { ok: { values, bytes: 10, sha256: () => '' } };
  },
  order: ({ task: { definition } }) =>
    definition.cwd === 'broken'
      ? { error: { name: 'template_failed', message: 'broken' } }
      : { ok: { evaluated: { action: { kind: 'code', source: '1' }, cwd: '/', env: {} }, bytes: 0 } },
};

export function createWorld(maxLive = 4, evaluate: Evaluate = literals): World {
  const definitions = new Map<string, WorkflowDefinition>();
  const world: World = {
    state: createEngineState(),
    lines: [],
    stopped: new Set(),
    time: 1000,
    do(command) {
      const seq = world.lines.length + 1;
      const { events } = decide(world.state, command, {
        now: world.time,
        seq,
        epoch: 1,
        random: () => 0.5,
        evaluate,
        maxLive,
        admitting: true,
      });
      if (events.length > 0) world.lines.push({ seq, time: world.time, events });
      for (const event of events) if (event.type === 'attempt.stopping') world.stopped.add(event.attemptId);
      return events;
    },
    submit(id, definition) {
      definitions.set(id, definition);
      world.do({
        type: 'submit',
        definition,
        event: {
          type: 'run.submitted',
          runId: id,
          workflow: definition.name,
          definition,
          inputs: {},
          env: {},
          cwd: '/',
          labels: {},
          actor: 'test',
        },
      });
    },
    run(id = 'r') {
      const run = world.state.runs.get(id);
      if (run === undefined) throw new Error(`No run ${id}.`);
      return run;
    },
    live: () => [...world.state.attempts.keys()],
    attemptOf(taskId, item) {
      const place = item === undefined ? taskId : `${taskId}[${item}]`;
      const found = world.live().find((id) => id.includes(`/${place}/`));
      if (found === undefined) throw new Error(`${place} is not live; live: ${world.live().join(', ')}.`);
      return found;
    },
    succeed: (taskId, item) =>
      world.do({
        type: 'finished',
        attemptId: world.attemptOf(taskId, item),
        outcome: { outcome: 'succeeded', output: `${taskId} done` },
      }),
    fail: (taskId, item) =>
      world.do({
        type: 'finished',
        attemptId: world.attemptOf(taskId, item),
        outcome: {
          outcome: 'error',
          error: { name: 'nu_error', message: `${taskId} broke` },
          retryable: true,
        },
      }),
    restarted(fromSnapshots) {
      const state = createEngineState();
      if (fromSnapshots) {
        const runs = [...world.state.runs.values()].sort((a, b) => a.firstSeq - b.firstSeq);
        for (const run of runs) restoreRun(state, run, toRunSnapshot(run), run.definition);
        return state;
      }
      for (const { seq, time, events } of world.lines) {
        for (const event of events) {
          apply(state, event, {
            seq,
            time,
            definitionOf: ({ runId }) => definitions.get(runId) ?? workflow([]),
          });
        }
      }
      return state;
    },
  };
  return world;
}

/** Everything that is to be equal between a state and what a restart makes of it. */
export function digest(state: EngineState): unknown {
  return {
    live: state.live,
    unfinished: state.unfinished,
    attempts: [...state.attempts.keys()].sort(),
    runs: [...state.runs.values()].map((run) => ({
      view: viewRun(run),
      counts: [run.unended, run.failures, run.warnings, run.live, run.liveUnits.size],
      tasks: [...run.tasks.values()].map((t) => [
        t.definition.id,
        t.unit.state,
        isEnded(run.phase) || t.unit.state !== 'pending' ? 0 : t.unmet,
        t.unendedItems,
        t.itemCounts,
      ]),
    })),
  };
}
