import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FinishedQuery, Store } from '../../../src/store/store.js';
import type { FinishedRun } from '../../../state/schema.js';
import { directory, openSimulated } from './open-simulated.js';
import { SimulatedDisk, systemError } from './simulated-disk.js';

function finishedRun(number: number, more: Partial<FinishedRun> = {}): FinishedRun {
  return {
    id: `run-${number}`,
    seq: number,
    workflow: number % 2 === 0 ? 'even' : 'odd',
    state: number % 3 === 0 ? 'failed' : 'succeeded',
    createdAt: 0,
    startedAt: null,
    // Ten a month.
    endedAt: Date.UTC(2026, Math.floor(number / 10), 1 + (number % 10)),
    labels: { team: number % 5 === 0 ? 'ops' : 'dev' },
    idempotencyKey: null,
    ...more,
  };
}

/** Ends the runs of these numbers, which are also their lines, in one checkpoint. */
async function finish(
  store: Store,
  numbers: readonly number[],
  more: Partial<FinishedRun> = {},
): Promise<void> {
  for (const number of numbers) {
    while (store.journal.seq < number) store.journal.append(1, [{ type: 'x' }]);
  }
  const runs = numbers.map((number) => ({
    id: `run-${number}`,
    firstSeq: 1,
    finished: finishedRun(number, more),
    content: null,
  }));
  await store.checkpoint({ seq: store.journal.seq, runs, liveRuns: [], counters: {}, idempotency: [] });
}

async function listAll(store: Store, limit: number, filter: Partial<FinishedQuery> = {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['listFinished']>> = await store.listFinished({
      ...filter,
      limit,
      ...(cursor === null ? {} : { cursor }),
    });
    assert.ok(page.runs.length <= limit);
    ids.push(...page.runs.map((run) => run.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const newestFirst = (numbers: readonly number[]): string[] =>
  [...numbers].reverse().map((number) => `run-${number}`);

test('finished runs are paged newest first, across months, with every page size', async () => {
  const store = await openSimulated(new SimulatedDisk());
  await finish(store, upTo(12));
  await finish(store, upTo(35).slice(12));
  for (const limit of [1, 3, 10, 34, 35, 100])
    assert.deepEqual(await listAll(store, limit), newestFirst(upTo(35)), `${limit}`);
  await store.close();
});

test('filters narrow the pages', async () => {
  const store = await openSimulated(new SimulatedDisk());
  await finish(store, upTo(30));
  const rows: readonly { filter: Partial<FinishedQuery>; keep: (number: number) => boolean }[] = [
    { filter: { workflow: 'even' }, keep: (number: number) => number % 2 === 0 },
    { filter: { state: 'failed' }, keep: (number: number) => number % 3 === 0 },
    { filter: { labels: { team: 'ops' } }, keep: (number: number) => number % 5 === 0 },
    { filter: { workflow: 'even', labels: { team: 'ops' } }, keep: (number: number) => number % 10 === 0 },
    { filter: { labels: { toString: 'x' } }, keep: () => false },
  ];
  for (const { filter, keep } of rows) {
    assert.deepEqual(
      await listAll(store, 4, filter),
      newestFirst(upTo(30).filter(keep)),
      JSON.stringify(filter),
    );
  }
  await store.close();
});

test('a search through very many rows gives them in bounded parts', async () => {
  const disk = new SimulatedDisk();
  await (await openSimulated(disk)).close();
  const rows = upTo(45_000).map(
    (number) => `${JSON.stringify(finishedRun(1, { id: `run-${number}`, seq: number }))}\n`,
  );
  disk.poke(`${directory}/index/2026-01.jsonl`, rows.join(''));
  const store = await openSimulated(disk);
  const first = await store.listFinished({ limit: 5, workflow: 'none' });
  assert.deepEqual(first.runs, []);
  assert.notEqual(first.nextCursor, null);
  assert.deepEqual(await listAll(store, 5, { workflow: 'none' }), []);
  assert.equal((await listAll(store, 40_000)).length, 45_000);
  await store.close();
});

test('rows longer than a read are read whole', async () => {
  const store = await openSimulated(new SimulatedDisk());
  await finish(store, upTo(4), { labels: { note: 'n'.repeat(150_000) } });
  assert.deepEqual(await listAll(store, 1), newestFirst(upTo(4)));
  await store.close();
});

test('an unreadable cursor starts anew', async () => {
  const store = await openSimulated(new SimulatedDisk());
  await finish(store, [1, 2]);
  for (const cursor of ['', 'x', '../../etc/passwd:1', '2026-01:-1']) {
    assert.equal((await store.listFinished({ limit: 9, cursor })).runs.length, 2);
  }
  await store.close();
});

test('a checkpoint that ends after its index rows leaves no run twice', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  await finish(store, [1, 2]);
  disk.fault = ({ name, target }) =>
    name === 'rename' && String(target).endsWith('db.json') ? systemError('EIO', 'db') : undefined;
  // Two runs that end with the same line, of which the second row is torn later on.
  await assert.rejects(finish(store, [3, 4]));
  disk.fault = () => undefined;
  const path = `${directory}/index/2026-01.jsonl`;
  const bytes = disk.peek(path) ?? new Uint8Array();
  for (const length of [bytes.length, bytes.length - 10]) {
    const left = disk.afterPowerCut();
    left.poke(path, bytes.subarray(0, length));
    const next = await openSimulated(left);
    await finish(next, [3, 4, 5]);
    assert.deepEqual(await listAll(next, 2), newestFirst(upTo(5)), `cut to ${length}`);
    await next.close();
  }
  // The same daemon may also try again.
  await finish(store, [3, 4, 5]);
  assert.deepEqual(await listAll(store, 2), newestFirst(upTo(5)));
});

test('an index that was lost is made again from the documents of the runs', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  await finish(store, upTo(15));
  await store.close();
  for (const name of await disk.list(`${directory}/index`)) await disk.unlink(`${directory}/index/${name}`);
  await disk.unlink(`${directory}/index`);
  const next = await openSimulated(disk);
  assert.deepEqual(await listAll(next, 4), newestFirst(upTo(15)));
  await next.close();
});
