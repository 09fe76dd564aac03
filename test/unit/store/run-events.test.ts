import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import type { Store } from '../../../src/store/store.js';
import { directory, openSimulated } from './open-simulated.js';
import { SimulatedDisk } from './simulated-disk.js';

async function eventsOf(
  store: Store,
  runId: string,
  limit: number,
  since = 0,
  firstSeq = 1,
): Promise<string[]> {
  const found: string[] = [];
  for (let from: number | null = since; from !== null; ) {
    const page: Awaited<ReturnType<Store['runEvents']>> = await store.runEvents({
      runId,
      firstSeq,
      since: from,
      limit,
    });
    found.push(...page.events.map(({ seq, event }) => `${seq} ${event.type}`));
    from = page.nextSince;
  }
  return found;
}

/** Lines 1 to 40: odd ones are of run a, even ones of run b, each third one also of the other. */
async function fill(store: Store, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq += 1) {
    const [own, other] = seq % 2 === 1 ? ['a', 'b'] : ['b', 'a'];
    const events = [{ type: 'own', runId: own }];
    if (seq % 3 === 0) events.push({ type: 'other', runId: other });
    await store.journal.synced(
      store.journal.append(seq, [...events, { type: 'about', text: '"runId":"a"' }]),
    );
  }
}

function expected(to: number, after = 0): string[] {
  const found: string[] = [];
  for (let seq = after + 1; seq <= to; seq += 1) {
    if (seq % 2 === 1) found.push(`${seq} own`);
    else if (seq % 3 === 0) found.push(`${seq} other`);
  }
  return found;
}

test('the events of a run are found across segments and restarts, each once', async () => {
  const disk = new SimulatedDisk();
  const limits = { segmentBytes: 1_500 };
  const store = await openSimulated(disk, { limits });
  await fill(store, 1, 20);
  for (const limit of [1, 3, 100])
    assert.deepEqual(await eventsOf(store, 'a', limit), expected(20), `limit ${limit}`);
  // A killed daemon: the last batch stands in two segments.
  const killed = disk.afterKill();
  const next = await openSimulated(killed, { limits });
  await fill(next, 21, 40);
  assert.deepEqual(await eventsOf(next, 'a', 5), expected(40));
  assert.deepEqual(await eventsOf(next, 'a', 5, 33), expected(40, 33));
  assert.deepEqual(await eventsOf(next, 'none', 5), []);
  await next.checkpoint({ seq: 40, runs: [], liveRuns: [], counters: {}, idempotency: [] });
  await next.close();
  // A start that reads none of the old segments still finds them.
  const last = await openSimulated(killed, { limits });
  assert.deepEqual(await eventsOf(last, 'a', 7), expected(40));
  assert.deepEqual(await eventsOf(last, 'a', 7, 0, 15), expected(40, 14));
  await last.close();
});

test('what is not on disk yet is not told', async () => {
  const store = await openSimulated(new SimulatedDisk());
  store.journal.append(1, [{ type: 'own', runId: 'a' }]);
  assert.deepEqual(await eventsOf(store, 'a', 5), []);
  await store.journal.synced(1);
  assert.deepEqual(await eventsOf(store, 'a', 5), ['1 own']);
  await store.close();
});

test('a damaged line of an old segment is told, not skipped', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  await fill(store, 1, 5);
  const path = `${directory}/journal/000001.jsonl`;
  const bytes = Buffer.from(disk.peek(path) ?? []);
  const at = bytes.indexOf('{"seq":3,');
  bytes[at + 1] = 0;
  disk.poke(path, bytes);
  await assert.rejects(
    eventsOf(store, 'a', 100),
    (error: unknown) => error instanceof Failure && error.error === 'state_damaged',
  );
});
