import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taskState } from '../../../../src/workflow/core/state.js';
import type { TaskDefinition, WorkflowDefinition } from '../../../../state/definition.js';
import { createWorld, digest, hard, task, type World, workflow } from './world.js';

interface Row {
  readonly name: string;
  readonly tasks: readonly TaskDefinition[];
  readonly over?: Partial<WorkflowDefinition>;
  readonly steps: (world: World) => void;
  readonly phase: string;
  readonly states: Readonly<Record<string, string>>;
}

const retry = { attempts: 3, backoff: 'fixed', initialMs: 10, maxMs: 100, jitter: false } as const;
const gone = (world: World, id: string, recovered = false) =>
  world.do({ type: 'finished', attemptId: world.attemptOf(id), outcome: { outcome: 'gone' }, recovered });
const due = (world: World, taskId: string) => world.do({ type: 'retry-due', runId: 'r', taskId, item: null });

const rows: readonly Row[] = [
  {
    name: 'a chain goes on with each success and succeeds',
    tasks: [task('a'), task('b', { needs: [hard('a')] })],
    steps: (w) => {
      assert.deepEqual(w.live().length, 1);
      w.succeed('a');
      w.succeed('b');
    },
    phase: 'succeeded',
    states: { a: 'succeeded', b: 'succeeded' },
  },
  {
    name: 'fail: dependents are skipped, a running sibling finishes, open tasks are cancelled',
    tasks: [
      task('a'),
      task('sibling'),
      task('after-a', { needs: [hard('a')] }),
      task('after-sibling', { needs: [hard('sibling')] }),
    ],
    steps: (w) => {
      w.fail('a');
      assert.equal(w.run().phase, 'stopping');
      w.succeed('sibling');
    },
    phase: 'failed',
    states: { a: 'failed', sibling: 'succeeded', 'after-a': 'skipped', 'after-sibling': 'cancelled' },
  },
  {
    name: 'fail with running_siblings = stop tells them to end',
    tasks: [task('a'), task('sibling')],
    over: { runningSiblings: 'stop' },
    steps: (w) => {
      w.fail('a');
      assert.ok(w.stopped.has(w.attemptOf('sibling')));
      gone(w, 'sibling');
    },
    phase: 'failed',
    states: { a: 'failed', sibling: 'cancelled' },
  },
  {
    name: 'continue: independent tasks go on, skips reach the whole chain, the run is failed',
    tasks: [
      task('a'),
      task('b', { needs: [hard('a')] }),
      task('c', { needs: [hard('b')] }),
      task('d'),
      task('e', { needs: [hard('d')] }),
    ],
    over: { onFailure: 'continue' },
    steps: (w) => {
      w.fail('a');
      w.succeed('d');
      w.succeed('e');
    },
    phase: 'failed',
    states: { a: 'failed', b: 'skipped', c: 'skipped', d: 'succeeded', e: 'succeeded' },
  },
  {
    name: 'allow_failure: the run succeeds with a warning, soft dependents run',
    tasks: [
      task('a', { allowFailure: true }),
      task('b', { needs: [{ task: 'a', kind: 'soft', ifSkipped: 'skip' }] }),
    ],
    steps: (w) => {
      w.fail('a');
      w.succeed('b');
    },
    phase: 'succeeded',
    states: { a: 'failed', b: 'succeeded' },
  },
  {
    name: 'when false skips the task and its hard dependents; if_skipped = run and soft edges run; the run succeeds',
    tasks: [
      task('a', { when: 'false' }),
      task('b', { needs: [hard('a')] }),
      task('c', { needs: [{ task: 'a', kind: 'hard', ifSkipped: 'run' }] }),
      task('d', { needs: [{ task: 'a', kind: 'soft', ifSkipped: 'skip' }] }),
    ],
    steps: (w) => {
      w.succeed('c');
      w.succeed('d');
    },
    phase: 'succeeded',
    states: { a: 'skipped', b: 'skipped', c: 'succeeded', d: 'succeeded' },
  },
  {
    name: 'an optional need that is not in the file is ignored, one that is counts like hard',
    tasks: [
      task('a', { needs: [{ task: 'nowhere', kind: 'optional', ifSkipped: 'skip' }] }),
      task('b', { needs: [{ task: 'a', kind: 'optional', ifSkipped: 'skip' }] }),
    ],
    over: { onFailure: 'continue' },
    steps: (w) => void w.fail('a'),
    phase: 'failed',
    states: { a: 'failed', b: 'skipped' },
  },
  {
    name: 'a retryable error waits, holds no slot, and runs again until the attempts are used up',
    tasks: [task('a', { retry })],
    steps: (w) => {
      w.fail('a');
      assert.equal(w.state.live, 0);
      assert.equal(w.run().tasks.get('a')?.unit.retryAt, 1010);
      due(w, 'a');
      w.fail('a');
      due(w, 'a');
      w.fail('a');
    },
    phase: 'failed',
    states: { a: 'failed' },
  },
  {
    name: 'a timeout is stopped first, then retried',
    tasks: [task('a', { retry, timeoutMs: 5 })],
    steps: (w) => {
      w.do({ type: 'timed-out', attemptId: w.attemptOf('a') });
      assert.ok(w.stopped.has(w.attemptOf('a')));
      assert.equal(w.state.live, 1);
      gone(w, 'a');
      assert.equal(w.run().tasks.get('a')?.unit.error?.name, 'timeout');
      due(w, 'a');
      w.succeed('a');
    },
    phase: 'succeeded',
    states: { a: 'succeeded' },
  },
  {
    name: 'a success that arrives while the attempt is stopping is a fact, the run is cancelled all the same',
    tasks: [task('a'), task('b', { needs: [hard('a')] })],
    steps: (w) => {
      w.do({ type: 'cancel', runId: 'r', actor: 'test' });
      w.succeed('a');
    },
    phase: 'cancelled',
    states: { a: 'succeeded', b: 'cancelled' },
  },
  {
    name: 'the first reason wins: a cancel after a failure leaves the run failed, and ends what may have finished',
    tasks: [task('a'), task('b')],
    steps: (w) => {
      w.fail('a');
      w.do({ type: 'cancel', runId: 'r', actor: 'test' });
      assert.ok(w.stopped.has(w.attemptOf('b')));
      gone(w, 'b');
    },
    phase: 'failed',
    states: { a: 'failed', b: 'cancelled' },
  },
  {
    name: 'the run timeout stops everything',
    tasks: [task('a'), task('b', { needs: [hard('a')] })],
    over: { timeoutMs: 100 },
    steps: (w) => {
      w.do({ type: 'run-timeout', runId: 'r' });
      gone(w, 'a');
    },
    phase: 'failed',
    states: { a: 'cancelled', b: 'cancelled' },
  },
  {
    name: 'recovery: a task that is not idempotent is lost and the run fails, also under continue',
    tasks: [
      task('a'),
      task('b', { needs: [hard('a')] }),
      task('c', { needs: [{ task: 'a', kind: 'soft', ifSkipped: 'skip' }] }),
    ],
    over: { onFailure: 'continue' },
    steps: (w) => void gone(w, 'a', true),
    phase: 'failed',
    states: { a: 'lost', b: 'skipped', c: 'cancelled' },
  },
  {
    name: 'recovery: an idempotent task runs again at once, a third crash is the last',
    tasks: [task('a', { idempotent: true })],
    steps: (w) => {
      for (const _ of [1, 2]) {
        gone(w, 'a', true);
        due(w, 'a');
      }
      gone(w, 'a', true);
    },
    phase: 'failed',
    states: { a: 'lost' },
  },
  {
    name: 'recovery: on_crash = fail loses even an idempotent task',
    tasks: [task('a', { idempotent: true, onCrash: 'fail' })],
    steps: (w) => void gone(w, 'a', true),
    phase: 'failed',
    states: { a: 'lost' },
  },
  {
    name: 'recovery: a complete result is a success',
    tasks: [task('a')],
    steps: (w) =>
      void w.do({
        type: 'finished',
        attemptId: w.attemptOf('a'),
        outcome: { outcome: 'succeeded', output: 1 },
        recovered: true,
      }),
    phase: 'succeeded',
    states: { a: 'succeeded' },
  },
  {
    name: 'drain: an interrupted attempt is not counted',
    tasks: [task('a', { idempotent: true })],
    steps: (w) => {
      w.do({ type: 'drain' });
      gone(w, 'a');
      assert.equal(w.run().tasks.get('a')?.unit.interrupted, 1);
      w.succeed('a');
    },
    phase: 'succeeded',
    states: { a: 'succeeded' },
  },
  {
    name: 'what cannot be killed is lost, is not retried, and keeps its slot',
    tasks: [task('a', { retry })],
    steps: (w) => {
      w.do({ type: 'timed-out', attemptId: w.attemptOf('a') });
      w.do({ type: 'finished', attemptId: w.attemptOf('a'), outcome: { outcome: 'unkillable', pids: [42] } });
      assert.equal(w.state.quarantined, 1);
    },
    phase: 'failed',
    states: { a: 'lost' },
  },
  {
    name: 'for_each: max_parallel of the task holds, outputs are by index',
    tasks: [task('a', { forEach: ['x', 'y', 'z'], maxParallel: 2 })],
    steps: (w) => {
      assert.equal(w.live().length, 2);
      w.succeed('a', 1);
      assert.equal(w.live().length, 2);
      w.succeed('a', 2);
      w.succeed('a', 0);
    },
    phase: 'succeeded',
    states: { a: 'succeeded' },
  },
  {
    name: 'for_each: a failed item cancels the open ones, running ones finish, the task fails',
    tasks: [task('a', { forEach: [1, 2, 3], maxParallel: 2 })],
    steps: (w) => {
      w.fail('a', 0);
      assert.equal(w.run().tasks.get('a')?.items?.[2]?.state, 'cancelled');
      w.succeed('a', 1);
    },
    phase: 'failed',
    states: { a: 'failed' },
  },
  {
    name: 'for_each over nothing succeeds',
    tasks: [task('a', { forEach: [] }), task('b', { needs: [hard('a')] })],
    steps: (w) => void w.succeed('b'),
    phase: 'succeeded',
    states: { a: 'succeeded', b: 'succeeded' },
  },
  {
    name: 'an expression that fails fails its task without an attempt',
    tasks: [task('a', { cwd: 'broken' }), task('b', { when: 'broken' })],
    over: { onFailure: 'continue' },
    steps: () => undefined,
    phase: 'failed',
    states: { a: 'failed', b: 'failed' },
  },
  {
    name: 'a workflow without tasks succeeds',
    tasks: [],
    steps: () => undefined,
    phase: 'succeeded',
    states: {},
  },
];

for (const row of rows) {
  test(row.name, () => {
    const world = createWorld();
    world.submit('r', workflow(row.tasks, row.over));
    row.steps(world);
    const run = world.run();
    assert.equal(run.phase, row.phase);
    assert.deepEqual(
      Object.fromEntries([...run.tasks.values()].map((t) => [t.definition.id, taskState(t)])),
      row.states,
    );
    assert.deepEqual(digest(world.restarted(false)), digest(world.state), 'a replay of the events');
    assert.deepEqual(digest(world.restarted(true)), digest(world.state), 'a restore of the snapshots');
    // An ended run takes no more facts.
    assert.deepEqual(world.do({ type: 'retry-due', runId: 'r', taskId: 'a', item: null }), []);
    assert.deepEqual(world.do({ type: 'cancel', runId: 'r', actor: 'test' }), []);
  });
}

test('runs of one workflow wait for each other; one cancelled in the queue never starts', () => {
  const world = createWorld();
  for (const id of ['r', 'r2', 'r3']) world.submit(id, workflow([task('a')]));
  assert.deepEqual(
    ['r', 'r2', 'r3'].map((id) => world.run(id).phase),
    ['running', 'queued', 'queued'],
  );
  world.do({ type: 'cancel', runId: 'r2', actor: 'test' });
  assert.equal(world.run('r2').phase, 'cancelled');
  world.succeed('a');
  assert.deepEqual(
    ['r', 'r2', 'r3'].map((id) => world.run(id).phase),
    ['succeeded', 'cancelled', 'running'],
  );
});

test('the limit of the daemon holds over all runs, which take turns', () => {
  const world = createWorld(2);
  for (const name of ['x', 'y']) {
    world.submit(name, workflow([task('a'), task('b'), task('c')], { name }));
  }
  assert.equal(world.live().length, 2);
  // x was in the rotation first and has its turn first; then it is y's.
  world.succeed('a');
  assert.deepEqual(world.live(), ['x/b/1.1@1', 'x/c/1.1@1']);
  world.succeed('b');
  assert.deepEqual(world.live(), ['x/c/1.1@1', 'y/a/1.1@1']);
});

test('max_parallel of the workflow holds', () => {
  const world = createWorld(10);
  world.submit('r', workflow([task('a'), task('b'), task('c')], { maxParallel: 2 }));
  assert.equal(world.live().length, 2);
  world.succeed('a');
  assert.equal(world.live().length, 2);
});
