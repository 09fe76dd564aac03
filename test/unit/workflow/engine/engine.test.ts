import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../../src/kernel/failure.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { createEngineState, type EngineState } from '../../../../src/workflow/core/state.js';
import { createEngine } from '../../../../src/workflow/engine/engine.js';
import type {
  AttemptOrder,
  Dispatcher,
  DispatchReports,
  JournalEvent,
} from '../../../../src/workflow/ports.js';
import type { TaskDefinition } from '../../../../state/definition.js';
import { createWorld, hard, literals, task, workflow } from '../core/world.js';

/** A journal and a dispatcher in memory whose disk and processes the test moves by hand. */
function createBench(state: EngineState = createEngineState(), settle?: Dispatcher['settle']) {
  const lines: (readonly JournalEvent[])[] = [];
  const seen: string[] = [];
  let reports: DispatchReports | null = null;
  let failing = false;
  const orders: AttemptOrder[] = [];
  const journal = {
    epoch: 2,
    get seq() {
      return lines.length;
    },
    append(_: number, events: readonly JournalEvent[]) {
      if (failing) throw new Failure('storage_failed', 'the disk is gone');
      lines.push(events);
      return lines.length;
    },
    synced: async () => undefined,
    onSynced: null as ((seq: number) => void) | null,
    onFailed: null,
    acceptsWork: () => true,
  };
  const engine = createEngine({
    state,
    journal,
    store: { putBlob: async (_run, _name, bytes) => ({ size: bytes.byteLength, sha256: 'x' }) },
    createDispatcher: (given) => {
      reports = given;
      return {
        dispatch: (order) => {
          orders.push(order);
          seen.push(`dispatch ${order.taskId}`);
        },
        stop: (attemptId, { force }) => seen.push(`${force === true ? 'kill' : 'stop'} ${attemptId}`),
        settle: settle ?? (async () => ({ outcome: 'gone' })),
        idle: async () => undefined,
      };
    },
    evaluate: literals,
    clock: { now: () => 1000, monotonic: () => 0 },
    alarm: () => () => undefined,
    random: () => 0,
    maxLive: 4,
    attemptEnvironment: { SIDECAR_STATE_DIR: '/state' },
    log: silentLog,
  });
  return {
    engine,
    seen,
    orders,
    lines,
    sync: () => journal.onSynced?.(lines.length),
    report: () => {
      if (reports === null) throw new Error('no dispatcher was made');
      return reports;
    },
    fail: () => {
      failing = true;
    },
    submit(tasks: readonly TaskDefinition[]) {
      const definition = workflow(tasks);
      engine.execute({
        type: 'submit',
        definition,
        event: {
          type: 'run.submitted',
          runId: 'r',
          workflow: 'w',
          definition,
          inputs: {},
          env: { PATH: '/bin', SIDECAR_STATE_DIR: '/elsewhere' },
          cwd: '/',
          labels: {},
          actor: 'test',
        },
      });
    },
  };
}

test('nothing is dispatched, told or stopped before its line is on disk', async () => {
  const bench = createBench();
  await bench.engine.recover();
  const told: string[] = [];
  bench.engine.changes.listen('r', ({ tasks }) =>
    told.push(tasks.map(({ id, state }) => `${id} ${state}`).join()),
  );
  bench.submit([task('a'), task('b', { needs: [hard('a')] })]);
  assert.deepEqual([bench.seen, told], [[], []]);
  bench.sync();
  assert.deepEqual([bench.seen, told], [['dispatch a'], ['a running,b pending']]);
  const [order] = bench.orders;
  assert.equal(order?.env['SIDECAR_STATE_DIR'], '/state', 'the submitter cannot say where the state is');
  bench.report().finished(order?.attemptId ?? '', { outcome: 'succeeded', output: 1 });
  assert.equal(bench.seen.length, 1);
  bench.sync();
  assert.deepEqual(bench.seen, ['dispatch a', 'dispatch b']);
  assert.deepEqual(told.at(-1), 'a succeeded,b running');
  // One line for the result and the next admission: a chain costs one sync a task.
  assert.deepEqual(
    bench.lines.at(-1)?.map(({ type }) => type),
    ['attempt.finished', 'attempt.started'],
  );
});

test('what is told is the state as it was on disk, not what memory has decided since', async () => {
  const bench = createBench();
  await bench.engine.recover();
  bench.submit([task('a')]);
  bench.sync();
  const states: (string | undefined)[] = [];
  bench.engine.changes.listen('r', ({ tasks }) => states.push(tasks[0]?.state));
  const id = bench.orders[0]?.attemptId ?? '';
  bench.report().timedOut(id);
  const firstLine = bench.lines.length;
  bench.report().finished(id, { outcome: 'gone' });
  // Only the first of the two lines has reached the disk.
  const synced = bench.lines.splice(firstLine);
  bench.sync();
  bench.lines.push(...synced);
  bench.sync();
  assert.deepEqual(states, ['stopping', 'failed']);
});

test('a large output is put into a file before the event that names it', async () => {
  const bench = createBench();
  await bench.engine.recover();
  bench.submit([task('a')]);
  bench.sync();
  bench
    .report()
    .finished(bench.orders[0]?.attemptId ?? '', { outcome: 'succeeded', output: 'x'.repeat(100_000) });
  await new Promise(setImmediate);
  const [finished] = bench.lines.at(-1) ?? [];
  assert.equal(finished?.['output'], undefined);
  assert.deepEqual(Object.keys(Object(finished?.['blob'])), ['name', 'size', 'sha256']);
  assert.equal(String(bench.engine.state.runs.get('r')?.tasks.get('a')?.unit.output).length, 100_000);
});

test('large outputs of tasks whose long ids end alike are kept in files of their own', async () => {
  const bench = createBench();
  await bench.engine.recover();
  bench.submit(['a', 'b'].map((first) => task(`${first}${'x'.repeat(199)}`)));
  bench.sync();
  for (const { attemptId } of [...bench.orders])
    bench.report().finished(attemptId, { outcome: 'succeeded', output: 'x'.repeat(100_000) });
  await new Promise(setImmediate);
  const names = bench.lines.flat().flatMap(({ blob }) => (blob === undefined ? [] : [Object(blob).name]));
  assert.equal(new Set(names).size, 2);
});

/** The state of a daemon that died while `a` ran. */
function interrupted(): EngineState {
  const world = createWorld();
  world.submit('r', workflow([task('a')]));
  return world.restarted(true);
}

test('an attempt of a former daemon that cannot be settled does not leave its run running', async () => {
  const bench = createBench(interrupted(), async () => Promise.reject(new Error('no /proc')));
  await bench.engine.recover();
  assert.equal(bench.engine.state.runs.get('r')?.phase, 'failed');
  assert.equal(bench.engine.state.runs.get('r')?.tasks.get('a')?.unit.error?.name, 'unkillable');
});

test('when the storage has failed facts are dropped, and what lives is killed', async () => {
  const bench = createBench();
  await bench.engine.recover();
  bench.submit([task('a')]);
  bench.sync();
  const id = bench.orders[0]?.attemptId ?? '';
  bench.fail();
  bench.report().timedOut(id);
  await bench.engine.abandon();
  assert.equal(bench.seen.at(-1), `kill ${id}`);
});
