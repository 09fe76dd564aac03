import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startTicksOf } from '../../../src/process/identity.js';
import { settleOrphans } from '../../../src/process/settle-orphans.js';
import type { ProcessSpec } from '../../../src/process/supervise.js';
import { until } from '../../fixtures/until.js';
import { endLeftProcesses, ownFolder, program, specIn } from './process-fixture.js';

const moduleUrl = new URL('../../../src/process/supervise.js', import.meta.url).href;

/** Supervises in a process of its own, which is killed once it told the pid and the shape is ready. */
async function orphan(t: TestContext, spec: ProcessSpec, ready: () => boolean): Promise<void> {
  t.after(() => endLeftProcesses(spec.cwd));
  const told = join(spec.cwd, 'told');
  const output = openSync(told, 'w');
  const supervisor = spawn(
    process.execPath,
    [program('supervisor.mjs'), JSON.stringify({ module: moduleUrl, spec })],
    { stdio: ['ignore', output, 'inherit'] },
  );
  closeSync(output);
  const exited = once(supervisor, 'exit');
  try {
    await until('the supervisor to tell the pid', () => readFileSync(told, 'utf8') !== '');
    await until('the shape to be ready', ready);
  } finally {
    supervisor.kill('SIGKILL');
    await exited;
  }
}

const settle = (spec: ProcessSpec, resultIsComplete: () => Promise<boolean>) =>
  settleOrphans({
    tag: spec.tag,
    aliveFifo: spec.aliveFifo,
    graceMs: 5_000,
    killDeadlineMs: 10_000,
    resultIsComplete,
  });

interface Row {
  readonly shape: string;
  /** How the leader ends: "stay", or its exit code. */
  readonly leader: string;
  /** Whether the child outlives a complete result; without one nothing does. */
  readonly stays: boolean;
}

const rows: readonly Row[] = [
  { shape: 'plain.sh', leader: 'stay', stays: false },
  { shape: 'child-in-group.sh', leader: 'stay', stays: false },
  { shape: 'child-in-session.sh', leader: 'stay', stays: true },
  { shape: 'child-closed.sh', leader: 'stay', stays: true },
  { shape: 'child-without-env.sh', leader: 'stay', stays: true },
];

for (const { shape, leader, stays } of rows) {
  for (const complete of [true, false]) {
    const alive = complete && stays;
    const name = `${complete ? 'with' : 'without'} a result, the child of ${shape} ${alive ? 'stays' : 'is gone'}`;
    test(`after kill -9 of the daemon ${name}`, async (t) => {
      const folder = ownFolder(t);
      const spec = specIn(folder, ['sh', program(shape), folder, leader]);
      const pidFile = join(folder, 'child');
      await orphan(t, spec, () => existsSync(pidFile));
      const child = Number(readFileSync(pidFile, 'utf8'));
      assert.notEqual(startTicksOf(child), null, 'the child outlives the daemon');

      const settled = await settle(spec, async () => complete);

      const isAlive = startTicksOf(child) !== null;
      if (isAlive) process.kill(child, 'SIGKILL');
      assert.deepEqual(
        { isAlive, ...settled },
        { isAlive: alive, gone: true, pids: [], succeeded: complete },
      );
      assert.equal(existsSync(spec.aliveFifo), false, 'the FIFO is removed');
    });
  }
}

test('a leader that exits after the daemon died leaves its group to be found', async (t) => {
  for (const complete of [true, false]) {
    const folder = ownFolder(t);
    const spec = specIn(folder, ['sh', program('leader-of-group.sh'), folder]);
    await orphan(t, spec, () => existsSync(join(folder, 'child')));
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    const leader = Number(readFileSync(join(folder, 'leader'), 'utf8'));
    process.kill(leader, 'SIGKILL');
    await until('the end of the leader', () => startTicksOf(leader) === null);

    const settled = await settle(spec, async () => complete);
    assert.deepEqual(settled, { gone: true, pids: [], succeeded: complete });
    assert.equal(startTicksOf(child), null);
  }
});

test('a result that is completed between the first look and the sweep is a success, and its server stays', async (t) => {
  const folder = ownFolder(t);
  const spec = specIn(folder, ['sh', program('child-in-session.sh'), folder, 'stay']);
  const pidFile = join(folder, 'child');
  await orphan(t, spec, () => existsSync(pidFile));
  const child = Number(readFileSync(pidFile, 'utf8'));
  let looks = 0;
  const settled = await settle(spec, async () => {
    looks += 1;
    return looks > 1;
  });
  assert.equal(settled.succeeded, true);
  await until('the server to run on', () => /State:\s+S/.test(readFileSync(`/proc/${child}/status`, 'utf8')));
  process.kill(child, 'SIGKILL');
});

test('a result that appears during the sweep is still a success', async (t) => {
  const folder = ownFolder(t);
  const spec = specIn(folder, ['sh', program('finish-on-term.sh'), folder]);
  const result = join(folder, 'result');
  await orphan(t, spec, () => existsSync(join(folder, 'child')));
  const settled = await settle(spec, async () => existsSync(result));
  assert.deepEqual(settled, { gone: true, pids: [], succeeded: true });
});

test('an attempt that never began is settled at once', async (t) => {
  const folder = ownFolder(t);
  const settled = await settle(specIn(folder, ['true']), async () => false);
  assert.deepEqual(settled, { gone: true, pids: [], succeeded: false });
});
