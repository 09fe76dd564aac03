import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runShape, runSummary } from '../../../../protocol/run-shape.js';
import { viewRun, viewSummary } from '../../../../src/workflow/engine/run-view.js';
import { createWorld, hard, task, type World, workflow } from '../core/world.js';

const retry = { attempts: 2, backoff: 'fixed', initialMs: 10, maxMs: 100, jitter: false } as const;

const rows: readonly {
  readonly name: string;
  readonly steps: (world: World) => void;
  readonly reasons: Readonly<Record<string, string | undefined>>;
}[] = [
  {
    name: 'a task says which needs it waits for, or that it waits for a slot',
    steps: (w) =>
      w.submit('r', workflow([task('a'), task('b', { needs: [hard('a')] }), task('c')], { maxParallel: 1 })),
    reasons: { a: undefined, b: 'needs a', c: 'waits for a free slot' },
  },
  {
    name: 'of very many needs it names the first',
    steps: (w) => {
      const many = Array.from({ length: 8 }, (_, index) => task(`t${index}`));
      w.submit('r', workflow([...many, task('join', { needs: many.map(({ id }) => hard(id)) })]));
    },
    reasons: { join: 'needs t0, t1, t2, t3, t4, 3 more' },
  },
  {
    name: 'a retry says which attempt it follows',
    steps: (w) => {
      w.submit('r', workflow([task('a', { retry })]));
      w.fail('a');
    },
    reasons: { a: 'retry after attempt 1 of 2' },
  },
  {
    name: 'a skip says whose end caused it, or that its own when was false',
    steps: (w) => {
      w.submit(
        'r',
        workflow(
          [
            task('a'),
            task('b', { needs: [hard('a')] }),
            task('c', { needs: [hard('b')] }),
            task('d', { when: 'false' }),
            task('e', { needs: [hard('d')] }),
          ],
          { onFailure: 'continue' },
        ),
      );
      w.fail('a');
    },
    reasons: {
      b: 'a did not succeed',
      c: 'a did not succeed',
      d: 'its "when" was false',
      e: 'd was skipped',
    },
  },
  {
    name: 'a stop says why',
    steps: (w) => {
      w.submit('r', workflow([task('a'), task('b', { needs: [hard('a')] })]));
      w.do({ type: 'cancel', runId: 'r', actor: 'test' });
    },
    reasons: { a: 'told to end: stop', b: 'the run was stopped: cancelled' },
  },
  {
    name: 'a queued run says that it is queued',
    steps: (w) => {
      w.submit('other', workflow([task('a')]));
      w.submit('r', workflow([task('a')]));
    },
    reasons: { a: 'the run is queued' },
  },
];

for (const { name, steps, reasons } of rows) {
  test(name, () => {
    const world = createWorld();
    steps(world);
    const view = viewRun(world.run());
    for (const [id, reason] of Object.entries(reasons)) {
      assert.equal(view.tasks.find((row) => row.id === id)?.reason, reason, id);
    }
    // What is shown is what the wire promises.
    runShape.parse(view);
    runSummary.parse(viewSummary(world.run()));
  });
}

test('a failed run names the task that ended it, with its error', () => {
  const world = createWorld();
  world.submit('r', workflow([task('a', { forEach: ['x', 'y'] })]));
  world.fail('a', 1);
  world.succeed('a', 0);
  const view = viewRun(world.run(), { taskId: 'a', offset: 1, limit: 10 });
  assert.equal(view.state, 'failed');
  assert.equal(view.error?.message, 'Task a[1] failed: a broke');
  assert.deepEqual(view.tasks[0]?.outputs, ['a done', null]);
  assert.deepEqual(view.tasks[0]?.counts, { failed: 1, succeeded: 1 });
  assert.deepEqual(
    view.tasks[0]?.items?.map(({ index, item, state }) => ({ index, item, state })),
    [{ index: 1, item: 'y', state: 'failed' }],
  );
});
