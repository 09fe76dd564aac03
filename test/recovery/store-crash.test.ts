import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckpointState, Store } from '../../src/store/store.js';
import { openSimulated, randomFrom } from '../unit/store/open-simulated.js';
import { SimulatedDisk, systemError } from '../unit/store/simulated-disk.js';

/**
 * A daemon is stopped at every single operation on its disk, by kill -9 and by a power cut that keeps nothing, all, or a
 * random part of what was not synced. The next one must know everything that was acknowledged, apply nothing twice, and
 * go on from there; and so must the one after it, crashed while it recovers.
 */

/** The model of an engine: how often each run was counted up, and by which line last. */
interface World {
  readonly runs: Map<string, { count: number; seq: number }>;
  /** What a caller was told, by line. */
  readonly acknowledged: Map<number, string>;
}

const runNames = ['a', 'b', 'c'];

function checkpointOf(world: World, seq: number): CheckpointState {
  return {
    seq,
    runs: [...world.runs].map(([id, { count }]) => ({ id, firstSeq: 1, finished: null, content: { count } })),
    liveRuns: [...world.runs.keys()],
    counters: { total: [...world.runs.values()].reduce((sum, run) => sum + run.count, 0) },
    idempotency: [],
  };
}

/** Appends lines in groups of one to four, awaits them, and checkpoints after every second group. Ends at the crash. */
async function work(store: Store, world: World, groups: number, random: () => number): Promise<void> {
  for (let group = 1; group <= groups; group += 1) {
    const size = 1 + Math.floor(random() * 4);
    const appended: number[] = [];
    for (let index = 0; index < size; index += 1) {
      const runId = runNames[Math.floor(random() * runNames.length)] ?? 'a';
      const seq = store.journal.append(group, [
        { type: 'counted', runId },
        { type: 'kv.put', key: runId, value: group },
      ]);
      const run = world.runs.get(runId) ?? { count: 0, seq: 0 };
      world.runs.set(runId, { count: run.count + 1, seq });
      appended.push(seq);
      store.journal.synced(seq).then(
        () => world.acknowledged.set(seq, runId),
        () => undefined,
      );
    }
    await store.journal.synced(store.journal.seq);
    assert.ok(appended.every((seq) => world.acknowledged.has(seq)));
    if (group % 2 === 0) await store.checkpoint(checkpointOf(world, store.journal.seq));
  }
}

/** What the next daemon makes of a disk: the documents, then the lines they do not cover. */
async function recover(store: Store): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const covered = new Map<string, number>();
  for (const id of store.checkpointed.liveRuns) {
    const run = await store.readRun(id);
    assert.ok(run !== null, `the run ${id} of db.json has a document`);
    const content = run.content;
    assert.ok(typeof content === 'object' && content !== null && 'count' in content);
    counts.set(id, Number(content.count));
    covered.set(id, run.seq);
  }
  store.replay(({ seq, events }) => {
    for (const event of events) {
      const id = String(event['runId']);
      if (event.type !== 'counted' || seq <= (covered.get(id) ?? 0)) continue;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  });
  return counts;
}

function crashAt(disk: SimulatedDisk, number: number): void {
  disk.fault = (operation) => {
    if (operation.number < number) return undefined;
    // The write that the crash interrupts may have begun.
    if (operation.number === number && operation.name === 'write') return 37;
    return systemError('EIO', 'crashed');
  };
}

async function runUntilCrash(disk: SimulatedDisk, world: World, random: () => number): Promise<void> {
  try {
    const store = await openSimulated(disk);
    await work(store, world, 6, random);
    await store.close();
  } catch {
    // The crash reaches whoever waits.
  }
}

async function checkSurvivor(disk: SimulatedDisk, world: World, what: string): Promise<void> {
  const store = await openSimulated(disk);
  const counts = await recover(store);
  const expected = new Map<string, number>();
  // Lines have no gaps, so all up to the newest acknowledged one must be there; later ones may be.
  const newest = Math.max(0, ...world.acknowledged.keys());
  assert.ok(
    store.journal.seq >= newest,
    `${what}: line ${newest} was acknowledged, the journal ends at ${store.journal.seq}`,
  );
  const events = new Map<number, string>();
  for (const id of runNames) {
    const { events: own } = await store.runEvents({ runId: id, firstSeq: 1, since: 0, limit: 1_000 });
    for (const { seq } of own) events.set(seq, id);
  }
  for (const [seq, id] of world.acknowledged) assert.equal(events.get(seq), id, `${what}: line ${seq}`);
  for (const id of events.values()) expected.set(id, (expected.get(id) ?? 0) + 1);
  assert.deepEqual(new Map([...counts].sort()), new Map([...expected].sort()), `${what}: applied once each`);
  const [newestKey] = store.kv.list().slice(-1);
  if (world.acknowledged.size > 0) assert.notEqual(newestKey, undefined, `${what}: the keys came back`);
  // And it goes on from there.
  const next = store.journal.append(1, [{ type: 'counted', runId: 'a' }]);
  await store.journal.synced(next);
  await store.close();
  const again = await openSimulated(disk);
  assert.ok(again.journal.seq > next - 1, `${what}: the line after the recovery stays`);
  await again.close();
}

const ends: readonly {
  readonly name: string;
  readonly survivor: (disk: SimulatedDisk, seed: number) => SimulatedDisk;
}[] = [
  { name: 'kill -9', survivor: (disk) => disk.afterKill() },
  { name: 'power cut, nothing unsynced kept', survivor: (disk) => disk.afterPowerCut() },
  { name: 'power cut, everything kept', survivor: (disk) => disk.afterPowerCut(() => true) },
  {
    name: 'power cut, a random part kept',
    survivor: (disk, seed) => {
      const random = randomFrom(seed);
      return disk.afterPowerCut(() => random() < 0.5);
    },
  },
];

const whole = new SimulatedDisk();
await runUntilCrash(whole, { runs: new Map(), acknowledged: new Map() }, randomFrom(7));

for (const end of ends) {
  test(`a crash at each of ${whole.operations} operations loses nothing: ${end.name}`, async () => {
    for (let number = 1; number <= whole.operations; number += 1) {
      const disk = new SimulatedDisk();
      const world: World = { runs: new Map(), acknowledged: new Map() };
      crashAt(disk, number);
      await runUntilCrash(disk, world, randomFrom(7));
      await checkSurvivor(end.survivor(disk, number), world, `crash at operation ${number}`);
    }
  });

  test(`a second crash while the first is recovered loses nothing: ${end.name}`, async () => {
    const random = randomFrom(99);
    for (let round = 0; round < 150; round += 1) {
      const disk = new SimulatedDisk();
      const world: World = { runs: new Map(), acknowledged: new Map() };
      crashAt(disk, 1 + Math.floor(random() * whole.operations));
      await runUntilCrash(disk, world, randomFrom(round));
      const second = end.survivor(disk, round);
      crashAt(second, 1 + Math.floor(random() * 60));
      await openSimulated(second).then(
        (store) => store.close(),
        () => undefined,
      );
      await checkSurvivor(end.survivor(second, round + 1), world, `round ${round}`);
    }
  });
}

test('what a recovery acted on after kill -9 survives a power cut right after it', async () => {
  for (let number = 1; number <= whole.operations; number += 1) {
    const disk = new SimulatedDisk();
    const world: World = { runs: new Map(), acknowledged: new Map() };
    crashAt(disk, number);
    await runUntilCrash(disk, world, randomFrom(7));
    const killed = disk.afterKill();
    const acted = (await openSimulated(killed)).journal.seq;
    const cut = await openSimulated(killed.afterPowerCut());
    assert.equal(cut.journal.seq, acted, `crash at operation ${number}`);
  }
});
