import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startTicksOf } from '../../../src/process/identity.js';
import { listAttemptProcesses } from '../../../src/process/list-attempt-processes.js';
import { type ProcessEnd, type ProcessSpec, supervise } from '../../../src/process/supervise.js';
import { until } from '../../fixtures/until.js';
import { endLeftProcesses, ownFolder, program, specIn, stateIdOf } from './process-fixture.js';

/** Runs a process to its end; exit code 0 is a success. `act` may stop it once it runs. */
async function run(
  spec: ProcessSpec,
  act?: (process: ReturnType<typeof supervise>) => Promise<void>,
): Promise<ProcessEnd & { readonly events: readonly string[]; readonly log: string }> {
  const events: string[] = [];
  const supervised = supervise(spec, {
    spawned: ({ pid }) => events.push(pid > 0 ? 'spawned' : 'spawned without a pid'),
    timedOut: () => {
      events.push('timed out');
      supervised.stop({ graceMs: 5_000 });
    },
    succeeded: async (exit) => {
      events.push('asked');
      return exit.exitCode === 0;
    },
  });
  await act?.(supervised);
  const end = await supervised.ended;
  return { ...end, events, log: existsSync(spec.stderrFile) ? readFileSync(spec.stderrFile, 'utf8') : '' };
}

async function readChild(folder: string): Promise<number> {
  await until('the pid of the child', () => existsSync(join(folder, 'child')));
  return Number(readFileSync(join(folder, 'child'), 'utf8'));
}

const isAlive = (pid: number) => startTicksOf(pid) !== null;

interface Shape {
  readonly shape: string;
  /** Whether the child outlives a success. */
  readonly stays: boolean;
  /** What is named as a leftover after a success. */
  readonly leftovers: readonly string[];
}

const shapes: readonly Shape[] = [
  { shape: 'plain.sh', stays: false, leftovers: [] },
  { shape: 'child-in-group.sh', stays: false, leftovers: ['sleep 1000'] },
  { shape: 'child-in-session.sh', stays: true, leftovers: [] },
  { shape: 'child-closed.sh', stays: true, leftovers: [] },
  { shape: 'child-without-env.sh', stays: true, leftovers: [] },
];

for (const { shape, stays, leftovers } of shapes) {
  test(`after a success of ${shape} its child ${stays ? 'stays' : 'is gone'}`, async (t) => {
    const folder = ownFolder(t);
    const end = await run(specIn(folder, ['sh', program(shape), folder, '0']));
    const child = await readChild(folder);
    const alive = isAlive(child);
    if (alive) process.kill(child, 'SIGKILL');
    assert.deepEqual(
      {
        alive,
        succeeded: end.succeeded,
        leftovers: end.leftovers.map((left) => left.command),
        gone: end.gone,
      },
      { alive: stays, succeeded: true, leftovers, gone: true },
    );
  });

  test(`after a failure of ${shape} its child is gone`, async (t) => {
    const folder = ownFolder(t);
    const end = await run(specIn(folder, ['sh', program(shape), folder, '3']));
    assert.equal(isAlive(await readChild(folder)), false);
    assert.deepEqual(end.exit, { exitCode: 3, signal: null, reason: 'exited' });
    assert.equal(end.gone, true);
  });

  test(`after a stop of ${shape} its child is gone`, async (t) => {
    const folder = ownFolder(t);
    const spec = specIn(folder, ['sh', program(shape), folder, 'stay']);
    const end = await run(spec, async (supervised) => {
      await readChild(folder);
      supervised.stop({ graceMs: 5_000 });
    });
    assert.equal(isAlive(await readChild(folder)), false);
    assert.deepEqual(end.exit, { exitCode: null, signal: 'SIGTERM', reason: 'stopped' });
    assert.equal(existsSync(spec.aliveFifo), false, 'the FIFO is removed');
  });
}

test('a program that ignores SIGTERM is killed after the grace, at once with force', async (t) => {
  for (const how of [{ graceMs: 50 }, { graceMs: 3_600_000, force: true }]) {
    const folder = ownFolder(t);
    const end = await run(specIn(folder, ['sh', program('ignore-term.sh'), folder]), async (supervised) => {
      const child = await readChild(folder);
      assert.equal(isAlive(child), true);
      supervised.stop(how);
    });
    assert.equal(end.exit.signal, 'SIGKILL');
    assert.deepEqual(await listAttemptProcesses(stateIdOf(folder)), []);
  }
});

test('a later stop with force ends the grace of the first', async (t) => {
  const folder = ownFolder(t);
  const end = await run(specIn(folder, ['sh', program('ignore-term.sh'), folder]), async (supervised) => {
    await readChild(folder);
    supervised.stop({ graceMs: 3_600_000 });
    supervised.stop({ graceMs: 3_600_000, force: true });
  });
  assert.equal(end.exit.signal, 'SIGKILL');
});

test('a stopped (SIGSTOP) program still gets its SIGTERM', async (t) => {
  const folder = ownFolder(t);
  const end = await run(specIn(folder, ['sh', program('plain.sh'), folder, 'stay']), async (supervised) => {
    process.kill(await readChild(folder), 'SIGSTOP');
    supervised.stop({ graceMs: 3_600_000 });
  });
  assert.equal(end.exit.signal, 'SIGTERM');
});

test('a tree of processes leaves none', async (t) => {
  const folder = ownFolder(t);
  const spec = specIn(folder, ['sh', program('sleep-tree.sh'), '3']);
  const end = await run(spec, async (supervised) => {
    const leaves = () =>
      (existsSync(spec.stderrFile) ? readFileSync(spec.stderrFile, 'utf8') : '').match(/leaf/g);
    await until('eight leaves', () => leaves()?.length === 8);
    supervised.stop({ graceMs: 5_000 });
  });
  assert.equal(end.gone, true);
  assert.deepEqual(await listAttemptProcesses(stateIdOf(folder)), []);
});

test('a program over its output limit is stopped and its files are cut to the limit', async (t) => {
  const folder = ownFolder(t);
  const spec = specIn(folder, ['yes'], { outputLimitBytes: 10_000 });
  const end = await run(spec);
  assert.equal(end.exit.reason, 'output-limit');
  assert.equal(end.succeeded, false);
  assert.equal(statSync(spec.stdoutFile).size, 10_000);
});

test('a timeout is reported once, and the owner answers it with a stop', async (t) => {
  const folder = ownFolder(t);
  const end = await run(specIn(folder, ['sleep', '1000'], { timeoutMs: 30 }));
  assert.deepEqual(end.events, ['spawned', 'timed out', 'asked']);
  assert.equal(end.exit.reason, 'stopped');
});

test('a stop before the spawn spawns nothing', async (t) => {
  const folder = ownFolder(t);
  const end = await run(specIn(folder, ['sleep', '1000']), async (supervised) => {
    supervised.stop({ graceMs: 0 });
  });
  assert.deepEqual(end.events, []);
  assert.deepEqual(end.exit, { exitCode: null, signal: null, reason: 'stopped' });
  assert.equal(existsSync(join(folder, 'attempt', 'alive')), false);
});

interface SpawnFailure {
  readonly name: string;
  readonly argv: ProcessSpec['argv'];
  readonly changes?: Partial<ProcessSpec>;
  readonly code: string | null;
  readonly message: RegExp;
}

const spawnFailures: readonly SpawnFailure[] = [
  { name: 'no such program', argv: ['no-such-program'], code: 'ENOENT', message: /no-such-program/ },
  { name: 'not executable', argv: ['/etc/passwd'], code: 'EACCES', message: /passwd/ },
  { name: 'no PATH', argv: ['no-such-program'], changes: { env: {} }, code: 'ENOENT', message: /no-such/ },
  {
    name: 'no working directory',
    argv: ['true'],
    changes: { cwd: '/no/where' },
    code: null,
    message: /\/no\/where/,
  },
  { name: 'too many arguments', argv: ['true', 'x'.repeat(1 << 20)], code: 'E2BIG', message: /E2BIG/ },
];

for (const { name, argv, changes, code, message } of spawnFailures) {
  test(`a spawn that fails is told: ${name}`, async (t: TestContext) => {
    const folder = ownFolder(t);
    const spec = specIn(folder, argv, changes);
    const { exit, events, succeeded } = await run(spec);
    assert.equal(exit.reason, 'spawn-failed');
    assert.equal(exit.spawnCode, code);
    assert.match(exit.spawnError ?? '', message);
    assert.deepEqual({ events, succeeded }, { events: [], succeeded: false });
    assert.equal(existsSync(spec.aliveFifo), false, 'the FIFO is removed');
  });
}

test('stdin of several megabytes arrives whole, and one that nobody reads harms nothing', async (t) => {
  const text = 'x'.repeat(5_000_000);
  const folder = ownFolder(t);
  const read = await run(specIn(folder, ['wc', '-c'], { stdin: text }));
  assert.equal(read.log.trim(), String(text.length));
  const unread = await run(specIn(ownFolder(t), ['true'], { stdin: text }));
  assert.equal(unread.succeeded, true);
});

test('the program sees its environment and the tag, and nothing of this process', async (t) => {
  const folder = ownFolder(t);
  const spec = specIn(folder, ['env'], {
    env: { PATH: '/usr/bin:/bin', COLOUR: 'blue', SIDECAR_ATTEMPT: '1' },
  });
  const { log } = await run(spec);
  assert.deepEqual(log.trim().split('\n').sort(), [
    'COLOUR=blue',
    'PATH=/usr/bin:/bin',
    `SIDECAR_ATTEMPT=${spec.tag}`,
  ]);
});

test('output files are private, and stdout and stderr may be apart', async (t) => {
  const folder = ownFolder(t);
  const spec = specIn(folder, ['sh', '-c', 'echo out; echo err >&2'], {
    stdoutFile: join(folder, 'logs', 'out'),
  });
  await run(spec);
  assert.equal(readFileSync(spec.stdoutFile, 'utf8'), 'out\n');
  assert.equal(readFileSync(spec.stderrFile, 'utf8'), 'err\n');
  for (const [path, mode] of [
    [spec.stdoutFile, 0o600],
    [join(folder, 'logs'), 0o700],
  ] as const) {
    assert.equal(statSync(path).mode & 0o777, mode, path);
  }
});

test('a hook that rejects counts as no success', async (t) => {
  const folder = ownFolder(t);
  t.after(() => endLeftProcesses(folder));
  const { ended } = supervise(specIn(folder, ['sh', program('child-in-session.sh'), folder, '0']), {
    spawned: () => {},
    timedOut: () => {},
    succeeded: () => Promise.reject(new Error('the disk is gone')),
  });
  assert.equal((await ended).succeeded, false);
  assert.deepEqual(await listAttemptProcesses(stateIdOf(folder)), []);
});
