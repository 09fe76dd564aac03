import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import type { Store } from '../../../src/store/store.js';
import { directory, handClock, openSimulated, replayed } from './open-simulated.js';
import { type Operation, SimulatedDisk, systemError } from './simulated-disk.js';

/** What a disk does to an operation, until the scenario ends. */
type Fault = (operation: Operation) => Error | number | undefined;

interface Row {
  readonly name: string;
  readonly fault: () => Fault;
  /** What the caller of the line written under the fault is told. */
  readonly told: 'synced' | 'storage_failed';
  readonly health: RegExp | null;
}

/** The first `times` operations of a name fail in a way. */
function failing(name: string, times: number, how: () => Error | number): Fault {
  let left = times;
  return (operation) => {
    if (operation.name !== name || left === 0) return undefined;
    left -= 1;
    return how();
  };
}

const all =
  (...faults: readonly Fault[]): Fault =>
  (operation) =>
    faults.reduce<Error | number | undefined>((found, fault) => found ?? fault(operation), undefined);

/** The second fault begins once the first one has struck. */
function first(one: Fault, then: Fault): Fault {
  let struck = false;
  return (operation) => {
    if (struck) return then(operation);
    const found = one(operation);
    struck = found !== undefined;
    return found;
  };
}

const full = (): Error => systemError('ENOSPC', 'disk');
const broken = (): Error => systemError('EIO', 'disk');

const rows: readonly Row[] = [
  {
    name: 'a full disk gives up its reserve',
    fault: () => failing('write', 1, full),
    told: 'synced',
    health: null,
  },
  {
    name: 'a full disk that stays full',
    fault: () => failing('write', 99, full),
    told: 'storage_failed',
    health: /ENOSPC/,
  },
  {
    name: 'a write cut short, then full, then room from the reserve',
    fault: () =>
      all(
        failing('write', 1, () => 100),
        failing('write', 1, full),
      ),
    told: 'synced',
    health: null,
  },
  {
    name: 'a write cut short, and the rest taken',
    fault: () => failing('write', 1, () => 100),
    told: 'synced',
    health: null,
  },
  {
    name: 'a write cut short that cannot be cut off',
    fault: () =>
      all(
        failing('write', 1, () => 100),
        failing('write', 9, full),
        failing('truncate', 9, broken),
      ),
    told: 'storage_failed',
    health: /EIO/,
  },
  {
    name: 'the file may not grow, a new one may',
    fault: () => failing('write', 1, () => systemError('EFBIG', 'limit')),
    told: 'synced',
    health: null,
  },
  {
    name: 'a failed sync is survived in a new segment',
    fault: () => failing('datasync', 1, broken),
    told: 'synced',
    health: /survived/,
  },
  {
    name: 'a failed sync, and the new segment fails as well',
    fault: () => all(failing('datasync', 1, broken), failing('sync', 1, broken)),
    told: 'storage_failed',
    health: /EIO/,
  },
  {
    name: 'a failed sync, and the new segment finds no room',
    fault: () => first(failing('datasync', 1, broken), failing('write', 9, full)),
    told: 'storage_failed',
    health: /ENOSPC/,
  },
];

async function append(store: Store, type: string): Promise<'synced' | 'storage_failed'> {
  try {
    await store.journal.synced(store.journal.append(1, [{ type }]));
    return 'synced';
  } catch (error) {
    assert.ok(error instanceof Failure && error.error === 'storage_failed', String(error));
    return 'storage_failed';
  }
}

for (const row of rows) {
  test(`${row.name}: ${row.told}`, async () => {
    const disk = new SimulatedDisk();
    const store = await openSimulated(disk);
    const failures: Error[] = [];
    store.journal.onFailed = (error) => failures.push(error);
    assert.equal(await append(store, 'before'), 'synced');
    const fault = row.fault();
    // Only the batch under test: the segment that opening wrote is past.
    disk.fault = fault;
    assert.equal(await append(store, 'under test'), row.told);
    disk.fault = () => undefined;
    const expected = [['before']];
    if (row.told === 'synced') {
      assert.equal(await append(store, 'after'), 'synced');
      expected.push(['under test'], ['after']);
    } else {
      assert.equal(failures.length, 1);
      assert.throws(() => store.journal.append(1, [{ type: 'late' }]), Failure);
      await assert.rejects(store.journal.synced(store.journal.seq), Failure);
      assert.equal(store.journal.acceptsWork(), false);
    }
    const { ok, message } = store.health();
    assert.equal(ok, row.told === 'synced');
    if (row.health === null) assert.equal(message, undefined);
    else assert.match(message ?? '', row.health);
    // What was refused may be gone, what was acknowledged may not: after a kill, and after a power cut.
    for (const left of [disk.afterPowerCut(), disk.afterKill()]) {
      const next = await openSimulated(left);
      assert.deepEqual(replayed(next), expected);
      await next.close();
    }
  });
}

test('a failed sync is never tried again on the same file', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  await append(store, 'a');
  let failed: string | number | null = null;
  const synced: (string | number)[] = [];
  disk.fault = ({ name, target }) => {
    if (name !== 'datasync' && name !== 'sync') return undefined;
    if (failed !== null) {
      synced.push(target);
      return undefined;
    }
    failed = target;
    return broken();
  };
  assert.equal(await append(store, 'b'), 'synced');
  assert.equal(await append(store, 'c'), 'synced');
  assert.ok(synced.length >= 2 && failed !== null && !synced.includes(failed));
  await store.close();
});

test('a daemon that was replaced stops before it writes, and changes nothing', async () => {
  const disk = new SimulatedDisk();
  const old = await openSimulated(disk);
  await append(old, 'mine');
  const next = await openSimulated(disk);
  const bytes = disk.peek(`${directory}/journal/000001.jsonl`);
  assert.equal(await append(old, 'stale'), 'storage_failed');
  assert.deepEqual(disk.peek(`${directory}/journal/000001.jsonl`), bytes);
  const state = { seq: 1, runs: [], liveRuns: [], counters: {}, idempotency: [] };
  await assert.rejects(old.checkpoint(state), /not ours any more/);
  assert.equal(disk.exists(`${directory}/db.json`), false);
  await append(next, 'theirs');
  await old.close();
  await next.close();
  const last = await openSimulated(disk);
  assert.deepEqual(replayed(last), [['mine'], ['theirs']]);
  await last.close();
});

test('new work is refused below the free space that is kept, and taken again above it', async () => {
  const disk = new SimulatedDisk();
  const clock = handClock();
  const store = await openSimulated(disk, {
    clock,
    limits: { minFreeBytes: 1_000_000, reserveBytes: 4_096 },
  });
  assert.equal(store.journal.acceptsWork(), true);
  disk.freeBytes = 999_999;
  clock.advance(1_001);
  assert.equal(store.journal.acceptsWork(), false);
  assert.deepEqual(store.health().ok, true);
  assert.match(store.health().message ?? '', /new runs are refused/);
  // Running work is still recorded.
  assert.equal(await append(store, 'result'), 'synced');
  disk.freeBytes = 1_000_000;
  assert.equal(store.journal.acceptsWork(), true);
  await store.close();
});

test('the reserve is made again once there is room', async () => {
  const disk = new SimulatedDisk();
  const clock = handClock();
  const store = await openSimulated(disk, { clock });
  const reserve = `${directory}/journal/reserve`;
  assert.equal(disk.peek(reserve)?.length, 4_096);
  disk.fault = failing('write', 1, full);
  assert.equal(await append(store, 'a'), 'synced');
  assert.equal(disk.exists(reserve), false);
  disk.fault = () => undefined;
  assert.equal(store.journal.acceptsWork(), true);
  await store.close();
  assert.equal(disk.peek(reserve)?.length, 4_096);
});

test('a blob of running work may take the reserve as well', async () => {
  const disk = new SimulatedDisk();
  const store = await openSimulated(disk);
  disk.fault = failing('write', 1, full);
  const { size } = await store.putBlob('run-1', 'out/attempt', 'x'.repeat(500));
  assert.equal(size, 500);
  disk.fault = failing('write', 9, full);
  await assert.rejects(
    store.putBlob('run-1', 'out/other', 'y'),
    (error: unknown) => error instanceof Failure && error.error === 'storage_failed',
  );
  disk.fault = () => undefined;
  assert.equal(await store.getBlob('run-1', 'out/other'), null);
  await store.close();
});

test('a state directory on a full disk is refused with the reason', async () => {
  const disk = new SimulatedDisk();
  disk.fault = failing('write', 999, full);
  await assert.rejects(
    openSimulated(disk),
    (error: unknown) =>
      error instanceof Failure && error.error === 'storage_failed' && /ENOSPC/.test(error.message),
  );
});
