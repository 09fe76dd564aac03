import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import type { CheckpointState, RunState } from '../../../src/store/store.js';
import { directory, openSimulated, replayed } from './open-simulated.js';
import { SimulatedDisk, systemError } from './simulated-disk.js';

const run = (id: string, content: RunState['content'] = { id }): RunState => ({
  id,
  firstSeq: 1,
  finished: null,
  content,
});

const state = (seq: number, more: Partial<CheckpointState> = {}): CheckpointState => ({
  seq,
  runs: [],
  liveRuns: [],
  counters: {},
  idempotency: [],
  ...more,
});

test('a checkpoint comes back, and only the lines after it are replayed', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  assert.deepEqual(store.checkpointed.seq, 0);
  for (const type of ['a', 'b', 'c']) store.journal.append(1, [{ type }]);
  const idempotency = [{ key: 'k', digest: 'd', runId: 'r1', time: 5 }];
  await store.checkpoint(
    state(2, { runs: [run('r1', { big: 2n ** 70n })], liveRuns: ['r1'], counters: { runs: 1 }, idempotency }),
  );
  const next = await openSimulated(disk.afterPowerCut());
  const { seq, liveRuns, counters } = next.checkpointed;
  assert.deepEqual(
    [seq, liveRuns, counters, next.checkpointed.idempotency],
    [2, ['r1'], { runs: 1 }, idempotency],
  );
  assert.deepEqual(replayed(next), [['c']]);
  const stored = await next.readRun('r1');
  assert.deepEqual([stored?.seq, stored?.firstSeq, stored?.content], [2, 1, { big: 2n ** 70n }]);
  for (const id of ['r2', '', '..', '../r1', 'a/b']) assert.equal(await next.readRun(id), null, id);
  await next.close();
});

test('no document is written before the lines that it covers are on disk', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  const order: string[] = [];
  disk.fault = ({ name, target }) => {
    if (name === 'datasync') order.push('journal');
    if (name === 'rename') order.push(String(target).slice(directory.length + 1));
    return undefined;
  };
  const seq = store.journal.append(1, [{ type: 'kv.put', key: 'a', value: 1 }]);
  const ended = { id: 'r2', seq, workflow: 'w', state: 'succeeded', createdAt: 0, startedAt: 0, endedAt: 0 };
  const finished = { ...ended, labels: {}, idempotencyKey: null };
  await store.checkpoint(state(seq, { runs: [run('r1'), { ...run('r2'), finished }], liveRuns: ['r1'] }));
  assert.deepEqual(order, [
    'journal',
    'runs/r1/run.json',
    'runs/r2/run.json',
    'kv.json',
    'db.json',
    'journal/head',
  ]);
  await store.close();
});

test('a checkpoint that fails leaves the one before it in force, and the next one may succeed', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  await store.journal.synced(store.journal.append(1, [{ type: 'a' }]));
  await store.checkpoint(state(1));
  await store.journal.synced(store.journal.append(1, [{ type: 'b' }]));
  disk.fault = ({ name, target }) =>
    name === 'rename' && String(target).endsWith('db.json') ? systemError('EIO', 'db') : undefined;
  await assert.rejects(
    store.checkpoint(state(2)),
    (error: unknown) => error instanceof Failure && error.error === 'storage_failed',
  );
  disk.fault = () => undefined;
  const next = await openSimulated(disk.afterPowerCut());
  assert.deepEqual([next.checkpointed.seq, replayed(next)], [1, [['b']]]);
  const again = await openSimulated(disk.afterKill());
  await again.checkpoint(state(again.journal.seq));
  await again.close();
  const last = await openSimulated(disk.afterKill());
  assert.deepEqual([last.checkpointed.seq, replayed(last)], [2, []]);
  await last.close();
});

test('checkpoints that are asked for together are written one after the other', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  store.journal.append(1, [{ type: 'a' }]);
  store.journal.append(1, [{ type: 'b' }]);
  await Promise.all([
    store.checkpoint(state(1, { counters: { n: 1 } })),
    store.checkpoint(state(2, { counters: { n: 2 } })),
  ]);
  const next = await openSimulated(disk.afterPowerCut());
  assert.deepEqual([next.checkpointed.seq, next.checkpointed.counters], [2, { n: 2 }]);
  await next.close();
});

test('a start after checkpoints in several segments reads from the right place', async () => {
  const disk = new SimulatedDisk();
  let seq = 0;
  for (let session = 0; session < 4; session += 1) {
    const store = await openSimulated(disk, { limits: { segmentBytes: 3_000 } });
    assert.deepEqual(replayed(store), session === 0 ? [] : [[`tail${session - 1}`]]);
    for (let index = 0; index < 25; index += 1)
      seq = store.journal.append(1, [{ type: 'x', pad: 'p'.repeat(100) }]);
    await store.journal.synced(seq);
    await store.checkpoint(state(seq));
    await store.journal.synced(store.journal.append(1, [{ type: `tail${session}` }]));
    if (session % 2 === 0) await store.close();
  }
});

test('a document that no daemon of this version wrote is refused by name', async () => {
  const rows = [
    {
      file: 'db.json',
      text: '{"schemaVersion":2}',
      message: /db\.json is damaged: it was written by a newer build/,
    },
    { file: 'db.json', text: '{"seq":1}', message: /db\.json is damaged: it has no schemaVersion/ },
    { file: 'db.json', text: '{"schemaVersion":1,"seq":"x"}', message: /db\.json is damaged: seq/ },
    { file: 'db.json', text: '{"schemaVersion":1,', message: /db\.json is damaged/ },
    { file: 'kv.json', text: '[]', message: /kv\.json is damaged: it holds no record/ },
    { file: 'journal/head', text: '', message: /head is damaged/ },
  ];
  for (const { file, text, message } of rows) {
    const disk = new SimulatedDisk();
    await (await openSimulated(disk)).close();
    disk.poke(`${directory}/${file}`, text);
    await assert.rejects(
      openSimulated(disk),
      (error: unknown) =>
        error instanceof Failure && error.error === 'state_damaged' && message.test(error.message),
      file,
    );
  }
});

test('what a killed daemon left half written is cleared away', async () => {
  const disk = new SimulatedDisk();
  await (await openSimulated(disk)).close();
  for (const name of ['db.json.1-1.tmp', 'journal/000002.jsonl.1.tmp', 'journal/reserve.tmp']) {
    disk.poke(`${directory}/${name}`, 'x');
  }
  const store = await openSimulated(disk);
  const names = [...(await disk.list(directory)), ...(await disk.list(`${directory}/journal`))];
  assert.deepEqual(
    names.filter((name) => name.endsWith('.tmp')),
    [],
  );
  await store.close();
});

test('files of a run stay in its folder', async () => {
  const store = await openSimulated(new SimulatedDisk());
  const { size, sha256 } = await store.putBlob('r1', 'definition.json', 'é');
  assert.deepEqual([size, sha256.length], [2, 64]);
  assert.equal(Buffer.from((await store.getBlob('r1', 'definition.json')) ?? []).toString(), 'é');
  assert.equal(await store.getBlob('r1', 'out/none'), null);
  for (const [id, name] of [
    ['..', 'x'],
    ['r1', '../x'],
    ['r1', 'a/../../x'],
    ['r1', ''],
    ['a/b', 'x'],
    ['r1', 'a/b/c'],
    ['r1', '\0'],
  ] as const) {
    await assert.rejects(async () => store.putBlob(id, name, ''), RangeError, `${id} ${name}`);
  }
  await store.close();
});
