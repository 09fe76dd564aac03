import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { directory, openSimulated, replayed } from './open-simulated.js';
import { SimulatedDisk } from './simulated-disk.js';

const segment = `${directory}/journal/000001.jsonl`;

/** A journal of two synced batches of two lines, and one of six: the bytes of its segment and where its lines begin. */
async function journalOfSix(): Promise<{ disk: SimulatedDisk; bytes: Buffer; starts: number[] }> {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  for (const size of [2, 2, 6]) {
    for (let index = 0; index < size; index += 1)
      store.journal.append(1, [{ type: `e${store.journal.seq + 1}` }]);
    await store.journal.synced(store.journal.seq);
  }
  const killed = disk.afterPowerCut();
  const bytes = Buffer.from(killed.peek(segment) ?? []);
  const starts = [0];
  for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) starts.push(at + 1);
  return { disk: killed, bytes, starts };
}

const types = (count: number): string[][] => Array.from({ length: count }, (_, index) => [`e${index + 1}`]);

async function refuses(disk: SimulatedDisk, pattern: RegExp, what: string): Promise<void> {
  const bytes = disk.peek(segment);
  await assert.rejects(
    openSimulated(disk),
    (error: unknown) =>
      error instanceof Failure && error.error === 'state_damaged' && pattern.test(error.message),
    what,
  );
  assert.deepEqual(disk.peek(segment), bytes, `${what}: nothing was changed`);
}

test('each of the 64 legal images of an unfinished batch of six is accepted', async () => {
  const { disk, bytes, starts } = await journalOfSix();
  for (let kept = 0; kept < 64; kept += 1) {
    const image = Buffer.from(bytes);
    // The header is line 0; the batch of six has lines 5 to 10. A block that did not arrive reads as zeros.
    const gone = [0, 1, 2, 3, 4, 5].filter((index) => (kept & (1 << index)) === 0);
    for (const index of gone) image.fill(0, starts[5 + index], starts[6 + index]);
    const copy = disk.afterPowerCut();
    copy.poke(segment, image);
    const store = await openSimulated(copy);
    const good = 4 + (gone[0] ?? 6);
    assert.deepEqual(replayed(store), types(good), `image ${kept.toString(2)}`);
    assert.equal(store.findings.length, gone.length === 0 ? 0 : 1);
    if (gone.length > 0) {
      const torn = copy.peek(`${directory}/journal/torn-${good + 1}`);
      assert.deepEqual(torn, Uint8Array.from(image.subarray(starts[1 + good])), 'the cut bytes are kept');
    }
    await store.close();
  }
});

test('a batch of which only the end of the file is missing is accepted', async () => {
  const { disk, bytes, starts } = await journalOfSix();
  for (const length of [starts[5], starts[8], (starts[8] ?? 0) + 30, bytes.length - 1]) {
    const copy = disk.afterPowerCut();
    copy.poke(segment, bytes.subarray(0, length));
    const store = await openSimulated(copy);
    const good = starts.filter((start) => start > 0 && start <= (length ?? 0)).length - 1;
    assert.deepEqual(replayed(store), types(good));
    // The next batch follows the partial one, and a third start reads both.
    await store.journal.synced(store.journal.append(1, [{ type: `e${good + 1}` }]));
    const again = await openSimulated(copy.afterPowerCut());
    assert.deepEqual(replayed(again), types(good + 1));
    await again.close();
  }
});

test('after a partial batch was carried over, a torn batch behind it is still a tear', async () => {
  const { disk, bytes, starts } = await journalOfSix();
  disk.poke(segment, bytes.subarray(0, starts[8]));
  const store = await openSimulated(disk);
  for (const type of ['x', 'y', 'z']) store.journal.append(1, [{ type }]);
  await store.journal.synced(store.journal.seq);
  const path = `${directory}/journal/000002.jsonl`;
  const cut = disk.afterPowerCut();
  const second = Buffer.from(cut.peek(path) ?? []);
  const x = second.lastIndexOf('{"seq":8,');
  second.fill(0, x, second.indexOf('\n', x) + 1);
  cut.poke(path, second);
  const next = await openSimulated(cut);
  assert.deepEqual(replayed(next), types(7));
  await next.close();
});

test('a flipped bit before a later batch is damage, wherever it is', async () => {
  const { disk, bytes, starts } = await journalOfSix();
  for (let offset = 0; offset < (starts[5] ?? 0); offset += 7) {
    const copy = disk.afterPowerCut();
    const flipped = Buffer.from(bytes);
    flipped[offset] = (flipped[offset] ?? 0) ^ 1;
    copy.poke(segment, flipped);
    await refuses(copy, /is damaged/, `byte ${offset}`);
  }
});

test('after a clean stop a flipped bit, or a cut, is damage up to the very last line', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  store.journal.append(1, [{ type: 'a' }]);
  await store.close();
  const bytes = Buffer.from(disk.peek(segment) ?? []);
  for (const offset of [300, bytes.length - 40, bytes.length - 1]) {
    const flipped = Buffer.from(bytes);
    flipped[offset] = (flipped[offset] ?? 0) ^ 1;
    disk.poke(segment, flipped);
    await refuses(disk, /was on disk already/, `byte ${offset}`);
    disk.poke(segment, bytes.subarray(0, offset));
    await refuses(disk, /was on disk already/, `cut at ${offset}`);
  }
  disk.poke(segment, bytes);
  const next = await openSimulated(disk);
  assert.deepEqual(replayed(next), [['a']]);
  await next.close();
});

test('a missing, foreign or headless segment is damage', async () => {
  const { disk, bytes } = await journalOfSix();
  await (await openSimulated(disk)).close();
  const without = disk.afterPowerCut();
  await without.unlink(segment);
  await assert.rejects(openSimulated(without), /a segment is missing or foreign/);
  const other = new SimulatedDisk();
  await (await openSimulated(other)).close();
  const foreign = disk.afterPowerCut();
  foreign.poke(segment, other.peek(segment) ?? '');
  await assert.rejects(openSimulated(foreign), /belongs to the state/);
  const headless = disk.afterPowerCut();
  headless.poke(segment, bytes.subarray(bytes.indexOf('\n') + 1));
  await assert.rejects(openSimulated(headless), /no header/);
});

test('a journal that was cut before the place where reading starts is damage', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  await store.journal.synced(store.journal.append(1, [{ type: 'a', pad: 'p'.repeat(70_000) }]));
  await store.checkpoint({ seq: 1, runs: [], liveRuns: [], counters: {}, idempotency: [] });
  const db = JSON.parse(Buffer.from(disk.peek(`${directory}/db.json`) ?? []).toString());
  const bytes = disk.peek(segment) ?? new Uint8Array();
  // As after a long segment: reading starts right behind the last line.
  const from = { ...db.head, batch: 1, segment: 1, offset: bytes.length };
  disk.poke(`${directory}/db.json`, JSON.stringify({ ...db, from }));
  disk.poke(segment, bytes.subarray(0, bytes.length - 1));
  await refuses(disk, /does not end at byte/, 'cut');
  disk.poke(segment, bytes);
  await (await openSimulated(disk)).close();
});

test('a journal that lost its end behind the checkpoint is damage', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  await store.journal.synced(store.journal.append(1, [{ type: 'a' }]));
  const early = disk.peek(segment);
  await store.journal.synced(store.journal.append(1, [{ type: 'b' }]));
  await store.checkpoint({ seq: 2, runs: [], liveRuns: [], counters: {}, idempotency: [] });
  const cut = disk.afterPowerCut();
  cut.poke(segment, early ?? '');
  await refuses(cut, /line 2 was on disk already/, 'cut');
});
