import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Value } from '../../../src/kernel/value/value.js';
import type { JournalEvent } from '../../../src/store/journal.js';
import { applyKv } from '../../../src/store/kv.js';
import { openSimulated } from './open-simulated.js';
import { SimulatedDisk, systemError } from './simulated-disk.js';

const put = (key: string, value: Value): JournalEvent => ({ type: 'kv.put', key, value });
const remove = (key: string): JournalEvent => ({ type: 'kv.delete', key });

test('each event changes the keys as it says, or not at all', () => {
  const rows: readonly { events: readonly JournalEvent[]; entries: readonly (readonly [string, Value])[] }[] =
    [
      {
        events: [put('a', 1), put('b', null)],
        entries: [
          ['a', 1],
          ['b', null],
        ],
      },
      { events: [put('a', 1), put('a', [2])], entries: [['a', [2]]] },
      { events: [put('a', 1), remove('a'), remove('none')], entries: [] },
      {
        events: [put('__proto__', 1), put('constructor', 2)],
        entries: [
          ['__proto__', 1],
          ['constructor', 2],
        ],
      },
      {
        events: [
          { type: 'kv.put', key: 1, value: 1 },
          { type: 'kv.put', key: 'a' },
          { type: 'run.started', key: 'a', value: 1 },
        ],
        entries: [],
      },
    ];
  for (const { events, entries } of rows) {
    const found = new Map<string, Value>();
    for (const event of events) applyKv(found, event);
    assert.deepEqual([...found], entries);
  }
});

test('a key is there once its line is on disk, and not before', async () => {
  const store = await openSimulated(new SimulatedDisk());
  const seq = store.journal.append(1, [put('a', 1)]);
  assert.equal(store.kv.get('a'), undefined);
  store.journal.onSynced = () => assert.equal(store.kv.get('a'), 1);
  await store.journal.synced(seq);
  assert.equal(store.kv.get('a'), 1);
  await store.close();
});

test('keys that a failed checkpoint did not write are written by the next one', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  const seq = store.journal.append(1, [put('a', 1)]);
  const state = { seq, runs: [], liveRuns: [], counters: {}, idempotency: [] };
  disk.fault = ({ name, target }) =>
    name === 'rename' && String(target).endsWith('kv.json') ? systemError('EIO', 'kv') : undefined;
  await assert.rejects(store.checkpoint(state));
  disk.fault = () => undefined;
  await store.checkpoint(state);
  const next = await openSimulated(disk.afterPowerCut());
  assert.deepEqual(next.kv.list(), [['a', 1]]);
  await next.close();
});

test('keys are listed in order, by prefix', async () => {
  const store = await openSimulated(new SimulatedDisk());
  for (const key of ['b/2', 'a/1', 'b/1', '__proto__']) store.journal.append(1, [put(key, key)]);
  await store.journal.synced(store.journal.seq);
  assert.deepEqual(store.kv.list('b/'), [
    ['b/1', 'b/1'],
    ['b/2', 'b/2'],
  ]);
  assert.equal(store.kv.list().length, 4);
  await store.close();
});

test('keys survive with and without a checkpoint, also ones newer than it', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  store.journal.append(1, [put('covered', 1), put('gone', 1)]);
  const covered = store.journal.append(1, [remove('gone')]);
  store.journal.append(1, [put('newer', 2n ** 65n)]);
  await store.checkpoint({ seq: covered, runs: [], liveRuns: [], counters: {}, idempotency: [] });
  await store.journal.synced(store.journal.append(1, [put('last', 3)]));
  const expected = [
    ['covered', 1],
    ['last', 3],
    ['newer', 2n ** 65n],
  ];
  const next = await openSimulated(disk.afterPowerCut());
  assert.deepEqual(next.kv.list(), expected);
  await next.checkpoint({ seq: next.journal.seq, runs: [], liveRuns: [], counters: {}, idempotency: [] });
  await next.close();
});
