import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/kernel/clock.js';
import { selfIdentity } from '../../src/process/identity.js';
import { openStore } from '../../src/store/open-store.js';
import { memoryLog } from '../unit/store/open-simulated.js';
import { type StoreProcess, startStoreProcess } from '../unit/store/store-process.js';

const folders: string[] = [];
const processes: StoreProcess[] = [];

after(async () => {
  await Promise.all(processes.map((process) => process.kill()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function stateDirectory(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sidecar-store-'));
  folders.push(folder);
  return join(folder, 'project', '.sidecar');
}

function start(...args: Parameters<typeof startStoreProcess>): StoreProcess {
  const started = startStoreProcess(...args);
  processes.push(started);
  return started;
}

test('of twenty processes that open a new state directory at once, one gets it and the others name it', async () => {
  const directory = await stateDirectory();
  const contenders = Array.from({ length: 20 }, () => start(directory));
  const said = await Promise.all(contenders.map((contender) => contender.says(/^(opened|refused)/)));
  const owners = contenders.filter((_, index) => said[index]?.startsWith('opened'));
  assert.equal(owners.length, 1, said.join('\n'));
  const owner = owners[0]?.pid;
  for (const line of said.filter((text) => text.startsWith('refused'))) {
    assert.match(line, new RegExp(`^refused state_locked ${owner} `));
  }
  await Promise.all(contenders.map((contender) => contender.end()));
});

test('of twenty processes that race for the state of a killed one, one gets it', async () => {
  const directory = await stateDirectory();
  const first = start(directory);
  await first.says(/^opened 1$/);
  await first.kill();
  const contenders = Array.from({ length: 20 }, () => start(directory));
  const said = await Promise.all(contenders.map((contender) => contender.says(/^(opened|refused)/)));
  assert.deepEqual(
    said.filter((line) => line.startsWith('opened')),
    ['opened 2'],
  );
  await Promise.all(contenders.map((contender) => contender.end()));
});

test('a lock that somebody removed does not give the state to two', async () => {
  const directory = await stateDirectory();
  const owner = start(directory);
  await owner.says(/^opened 1$/);
  await unlink(join(directory, 'lock.1'));
  const second = start(directory);
  const line = await second.says(/^(opened|refused)/);
  if (process.platform === 'linux') assert.match(line, /^refused state_locked .*socket/);
  await owner.end();
});

test('what a process was told is there after each of ten kills', async () => {
  const directory = await stateDirectory();
  let told = 0;
  for (let round = 0; round < 10; round += 1) {
    const writer = start(directory, 'write');
    await writer.says(/^opened/);
    await writer.says(new RegExp(`^synced ${told + 20 + round * 7}$`));
    await writer.kill();
    told = Math.max(...writer.lines.flatMap((line) => /^synced (\d+)$/.exec(line)?.[1] ?? []).map(Number));
    const store = await openStore({
      directory,
      identity: selfIdentity(),
      clock: systemClock,
      log: memoryLog(),
    });
    assert.ok(store.journal.seq >= told, `round ${round}: ${told} was told, ${store.journal.seq} is there`);
    let next = 1;
    store.replay(({ seq, events }) => {
      if (events[0]?.type !== 'line') return;
      assert.ok(seq >= next, 'each line once, in order');
      next = seq + 1;
    });
    await store.close();
    told = store.journal.seq;
  }
});

test('a limit on file sizes ends the writing, never what was told', async () => {
  const directory = await stateDirectory();
  // The reserve of 4 MiB cannot be made, and neither can a segment of more than 64 KiB.
  const writer = start(directory, 'write', 64);
  await writer.says(/^opened 1$/);
  await writer.says(/^synced 300$/);
  await writer.kill();
  const store = await openStore({
    directory,
    identity: selfIdentity(),
    clock: systemClock,
    log: memoryLog(),
  });
  assert.ok(store.journal.seq >= 300);
  assert.ok((await readdir(join(directory, 'journal'))).length > 3, 'it went on in further segments');
  await store.close();
});

test('everything is closed to others, whatever the umask', async () => {
  const directory = await stateDirectory();
  const old = process.umask(0);
  try {
    const store = await openStore({
      directory,
      identity: selfIdentity(),
      clock: systemClock,
      log: memoryLog(),
    });
    const seq = store.journal.append(1, [{ type: 'kv.put', key: 'a', value: 1 }]);
    await store.putBlob('r1', 'out/x', 'x');
    const runs = [{ id: 'r1', firstSeq: 1, finished: null, content: {} }];
    await store.checkpoint({ seq, runs, liveRuns: [], counters: {}, idempotency: [] });
    await store.close();
  } finally {
    process.umask(old);
  }
  const names = await readdir(directory, { recursive: true });
  assert.ok(names.length > 10);
  for (const name of ['', ...names]) {
    const found = await stat(join(directory, name));
    assert.equal(found.mode & 0o777, found.isDirectory() ? 0o700 : 0o600, name);
  }
});
