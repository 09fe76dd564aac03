import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import type { Journal as EnginePort } from '../../../src/workflow/ports.js';
import { journalLineSchema, segmentHeaderSchema } from '../../../state/events.js';
import { directory, openSimulated, replayed } from './open-simulated.js';
import { SimulatedDisk } from './simulated-disk.js';

function linesOf(disk: SimulatedDisk, segment: string): Record<string, unknown>[] {
  const bytes = disk.peek(`${directory}/journal/${segment}.jsonl`);
  return Buffer.from(bytes ?? [])
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const event = (type: string) => [{ type }];

test('lines of one turn share a batch, one write and one sync', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  const [writes, syncs] = [disk.counts.get('write') ?? 0, disk.counts.get('datasync') ?? 0];
  const seqs = ['a', 'b', 'c'].map((type) => store.journal.append(5, event(type)));
  assert.deepEqual(seqs, [1, 2, 3]);
  await store.journal.synced(2);
  assert.deepEqual([disk.counts.get('write'), disk.counts.get('datasync')], [writes + 1, syncs + 1]);
  const [header, ...lines] = linesOf(disk, '000001');
  segmentHeaderSchema.parse(header);
  for (const line of lines) journalLineSchema.parse(line);
  assert.deepEqual(
    lines.map(({ seq, b, k, n }) => [seq, b, k, n]),
    [
      [1, 1, 1, 3],
      [2, 1, 2, 3],
      [3, 1, 3, 3],
    ],
  );
  await store.close();
});

test('lines that gather during a sync form the next batch, written only after it', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  const order: string[] = [];
  let late: Promise<void> | undefined;
  disk.fault = ({ name }) => {
    order.push(name);
    if (name === 'datasync' && late === undefined) {
      store.journal.append(1, event('late'));
      store.journal.append(1, event('later'));
      late = store.journal.synced(3);
    }
    return undefined;
  };
  store.journal.append(1, event('first'));
  await store.journal.synced(1);
  await late;
  assert.deepEqual(order, ['write', 'datasync', 'write', 'datasync']);
  assert.deepEqual(
    linesOf(disk, '000001')
      .slice(1)
      .map(({ b, n }) => [b, n]),
    [
      [1, 1],
      [2, 2],
      [2, 2],
    ],
  );
  await store.close();
});

test('a chain of decides costs one sync each', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  const before = (disk.counts.get('datasync') ?? 0) + (disk.counts.get('sync') ?? 0);
  for (let link = 0; link < 200; link += 1) {
    await store.journal.synced(store.journal.append(link, [{ type: 'finished' }, { type: 'started' }]));
    // A hint rides along with the next link.
    store.journal.append(link, event('spawned'), { lazy: true });
  }
  const syncs = (disk.counts.get('datasync') ?? 0) + (disk.counts.get('sync') ?? 0) - before;
  assert.equal(syncs, 200);
  await store.close();
});

test('a lazy line starts no commit, but waiting for it does', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  const before = disk.operations;
  const hint = store.journal.append(1, event('hint'), { lazy: true });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(disk.operations, before);
  await store.journal.synced(hint);
  assert.ok(disk.operations > before);
  await store.close();
});

test('onSynced is called once a batch, before those who wait hear of it', async () => {
  const store = await openSimulated(new SimulatedDisk());
  const heard: string[] = [];
  store.journal.onSynced = (seq) => heard.push(`synced ${seq}`);
  store.journal.append(1, event('a'));
  store.journal.append(1, event('b'));
  const waits = [2, 1].map((seq) => store.journal.synced(seq).then(() => heard.push(`told ${seq}`)));
  await Promise.all(waits);
  await store.journal.synced(store.journal.append(1, event('c')));
  assert.deepEqual(heard, ['synced 2', 'told 2', 'told 1', 'synced 3']);
  await store.close();
});

test('the engine finds the port that it asks for', async () => {
  const store = await openSimulated(new SimulatedDisk());
  const port: EnginePort = store.journal;
  assert.equal(port.append(1, [{ type: 'a' }]), port.seq);
  assert.equal(port.epoch, store.epoch);
  await store.close();
});

test('waiting for a line that was not appended is a fault of the caller', async () => {
  const store = await openSimulated(new SimulatedDisk());
  await assert.rejects(store.journal.synced(1), RangeError);
  await store.close();
});

test('a line over the limit is refused alone, and the journal goes on', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk, { limits: { lineBytes: 1_000 } });
  const tooLong = [{ type: 'a', text: 'é'.repeat(600) }];
  assert.throws(
    () => store.journal.append(1, tooLong),
    (error: unknown) => error instanceof Failure && error.error === 'limit_exceeded',
  );
  assert.equal(store.journal.append(1, event('b')), 1);
  await store.close();
  const next = await openSimulated(disk);
  assert.deepEqual(replayed(next), [['b']]);
  await next.close();
});

test('a full segment is followed by a new one, and both are replayed', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk, { limits: { segmentBytes: 2_000 } });
  for (let index = 0; index < 20; index += 1)
    await store.journal.synced(store.journal.append(index, event(`e${index}`)));
  assert.ok(disk.exists(`${directory}/journal/000002.jsonl`));
  const next = await openSimulated(disk.afterKill());
  assert.deepEqual(
    replayed(next),
    Array.from({ length: 20 }, (_, index) => [`e${index}`]),
  );
  await next.close();
});

test('after close nothing is taken any more, and the next start finds a clean end', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  store.journal.append(1, event('a'), { lazy: true });
  await store.close();
  await store.close();
  assert.throws(() => store.journal.append(1, event('b')), Failure);
  const next = await openSimulated(disk);
  assert.deepEqual(next.findings, []);
  assert.deepEqual(replayed(next), [['a']]);
  assert.deepEqual(replayed(next), [], 'replay is given once');
  await next.close();
});
