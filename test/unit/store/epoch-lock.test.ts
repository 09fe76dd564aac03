import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import type { ProcessIdentity } from '../../../src/process/identity.js';
import { type EpochLock, takeEpochLock } from '../../../src/store/epoch-lock.js';
import type { FilePort } from '../../../src/store/file-port.js';
import { directory, identity, randomFrom } from './open-simulated.js';
import { SimulatedDisk } from './simulated-disk.js';

interface Taken {
  readonly lock: EpochLock | null;
  readonly refusal: Failure | null;
}

async function take(
  files: FilePort,
  pid: number,
  liveness: (identity: ProcessIdentity) => 'dead' | 'alive' | 'unknown',
  takeOver = false,
): Promise<Taken> {
  try {
    const lock = await takeEpochLock({
      files,
      directory,
      identity: { ...identity, pid },
      liveness,
      takeOver,
      now: 0,
    });
    return { lock, refusal: null };
  } catch (error) {
    assert.ok(error instanceof Failure && error.error === 'state_locked', String(error));
    return { lock: null, refusal: error };
  }
}

async function emptyDirectory(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  await disk.makeFolder(directory);
  return disk;
}

test('the holder of the newest epoch decides who may follow', async () => {
  const rows = [
    { holder: 'dead', takeOver: false, epoch: 2 },
    { holder: 'alive', takeOver: false, epoch: null },
    { holder: 'alive', takeOver: true, epoch: null },
    { holder: 'unknown', takeOver: false, epoch: null },
    { holder: 'unknown', takeOver: true, epoch: 2 },
  ] as const;
  for (const { holder, takeOver, epoch } of rows) {
    const disk = await emptyDirectory();
    assert.equal((await take(disk, 1, () => 'dead')).lock?.epoch, 1);
    const second = await take(disk, 2, () => holder, takeOver);
    assert.equal(second.lock?.epoch ?? null, epoch, `${holder}, takeOver ${takeOver}`);
    if (epoch === null) {
      assert.equal(second.refusal?.data['pid'], 1);
      assert.match(second.refusal?.message ?? '', /pid 1,/);
    }
  }
});

test('a released lock needs no death, and the older one learns that it was replaced', async () => {
  const disk = await emptyDirectory();
  const { lock: first } = await take(disk, 1, () => 'alive');
  assert.equal(first?.fenced(), false);
  await first?.release();
  const { lock: second } = await take(disk, 2, () => 'alive');
  assert.equal(second?.epoch, 2);
  assert.equal(first?.fenced(), true);
  assert.equal(second?.fenced(), false);
});

test('epochs only grow, old files go, and a holder many epochs ago still learns of it', async () => {
  const disk = await emptyDirectory();
  const { lock: first } = await take(disk, 1, () => 'dead');
  for (let epoch = 2; epoch <= 6; epoch += 1) {
    assert.equal((await take(disk, epoch, () => 'dead')).lock?.epoch, epoch);
    assert.equal(first?.fenced(), true);
  }
  assert.deepEqual([...(await disk.list(directory))].sort(), ['lock.5', 'lock.6']);
});

test('a lock file that no daemon wrote is damage', async () => {
  const disk = await emptyDirectory();
  disk.poke(`${directory}/lock.3`, '{"schemaVersion":1}\n');
  await assert.rejects(
    takeEpochLock({ files: disk, directory, identity, liveness: () => 'dead', takeOver: false, now: 0 }),
    (error: unknown) => error instanceof Failure && error.error === 'state_damaged',
  );
});

/** Lets exactly one operation of one contender through at a time, in the order that `choose` gives. */
function interleaver(disk: SimulatedDisk, choose: (waiting: number) => number) {
  const waiting: (() => void)[] = [];
  let scheduled = false;
  const next = (): void => {
    scheduled = false;
    waiting.splice(choose(waiting.length), 1)[0]?.();
    if (waiting.length > 0) schedule();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // Every contender has reached its next operation by then: between operations it only runs microtasks.
    setImmediate(next);
  };
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      schedule();
    });
  return (): FilePort =>
    new Proxy(disk, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const call = (...args: unknown[]): unknown => Reflect.apply(member, target, args);
        // The synchronous questions are part of the step before them.
        return name === 'exists' || name === 'space'
          ? call
          : (...args: unknown[]) => turn().then(() => call(...args));
      },
    });
}

test('of contenders for a dead lock exactly one wins, whatever the interleaving', async () => {
  for (let seed = 0; seed < 400; seed += 1) {
    const random = randomFrom(seed);
    const disk = await emptyDirectory();
    await take(disk, 1, () => 'dead');
    const contender = interleaver(disk, (waiting) => Math.floor(random() * waiting));
    // Only the first holder is dead; whoever wins lives.
    const liveness = (holder: ProcessIdentity) => (holder.pid === 1 ? 'dead' : 'alive');
    const contenders = Array.from({ length: 2 + (seed % 3) }, (_, index) =>
      take(contender(), 10 + index, liveness),
    );
    const taken = await Promise.all(contenders);
    const winners = taken.filter(({ lock }) => lock !== null);
    assert.equal(winners.length, 1, `seed ${seed}`);
    const epoch = winners[0]?.lock?.epoch;
    assert.equal(winners[0]?.lock?.fenced(), false);
    for (const { refusal } of taken)
      if (refusal !== null) assert.equal(refusal.data['epoch'], epoch, `seed ${seed}`);
  }
});

test('a contender that slept while others came and went does not win an old number', async () => {
  const disk = await emptyDirectory();
  await take(disk, 1, () => 'dead');
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const sleeper: FilePort = new Proxy(disk, {
    get(target, name) {
      if (name === 'link') return (from: string, to: string) => asleep.then(() => target.link(from, to));
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function'
        ? (...args: unknown[]): unknown => Reflect.apply(member, target, args)
        : member;
    },
  });
  const late = take(sleeper, 2, (holder) => (holder.pid === 9 ? 'alive' : 'dead'));
  await new Promise((resolve) => setImmediate(resolve));
  for (const pid of [3, 4, 5]) await take(disk, pid, () => 'dead');
  const { lock: newest } = await take(disk, 9, () => 'dead');
  wake();
  const { lock, refusal } = await late;
  assert.equal(lock, null);
  assert.equal(refusal?.data['pid'], 9);
  assert.equal(newest?.fenced(), false);
});
