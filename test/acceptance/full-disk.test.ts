/** A disk without room: new work is refused, what was acknowledged stays and goes on once there is room again. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { isRecord, type ValueRecord } from '../../src/kernel/value/value.js';
import { createProject, errorName, mainProgram, type Project } from '../fixtures/acceptance/project.js';
import { mountSmallDisk } from '../fixtures/acceptance/small-disk.js';
import { isAlive, until } from '../fixtures/daemon/workspace.js';

const mebibyte = 1024 * 1024;

/** Waits for a file, then does many small things without output: their results need more than a block of the journal. */
const waiting = (name: string): ValueRecord => ({
  name,
  task: [
    {
      id: 'wait',
      idempotent: true,
      exec: ['sh', '-c', `touch ${name}.started; until [ -e ${name}.go ]; do sleep 0.02; done`],
    },
    {
      id: 'many',
      needs: ['wait'],
      for_each: '{{ range(60) }}',
      idempotent: true,
      call: { method: 'template/render', params: { source: 'x' } },
    },
  ],
});
const files = { 'tiny.json': '{"name": "tiny", "task": [{"id": "a", "exec": ["true"]}]}' };

test('a full disk', async (t) => {
  const project = createProject(t, files);
  const disk = mountSmallDisk(project.stateDirectory, 96 * mebibyte);
  if (disk === null)
    return t.diagnostic('No tmpfs may be mounted here: the limit of file sizes stands for it.');
  project.onEnd(disk.unmount);

  const serving = project.start(['serve']);
  await until('the daemon to be ready', () => serving.output().includes('is ready'));
  const before = await project.json(['run', 'tiny.json']);
  assert.equal(before.code, 0, before.stderr);
  const [first, second] = await Promise.all([project.submit(waiting('one')), project.submit(waiting('two'))]);
  await until(
    'both to wait',
    () => existsSync(project.path('one.started')) && existsSync(project.path('two.started')),
  );

  await t.test('below 64 MiB a submit is refused, and the daemon says so', async () => {
    disk.fill(40 * mebibyte);
    const status = () => project.client.request('sidecar/status', {});
    await until('the daemon to notice', async () => (await status()).health === 'degraded');
    const refused = await project.json(['run', 'tiny.json']);
    assert.deepEqual({ code: refused.code, error: errorName(refused) }, { code: 3, error: 'storage_failed' });
    const { storage } = await status();
    assert.match(storage.message ?? '', /nearly full: new runs are refused/);
    const { code, stdout } = await project.run(['doctor']);
    assert.equal(code, 1);
    assert.match(stdout, /✗ state directory Only \d+ MiB free .*\n +cure: Free space/);
    assert.equal((await project.get(first)).state, 'running');
  });

  await t.test('without any room the reserve takes the results of what runs', async () => {
    disk.fill(0);
    assert.equal(existsSync(project.path('.sidecar/journal/reserve')), true);
    project.write('one.go', '');
    const run = await project.ended(first);
    assert.equal(run.state, 'succeeded', JSON.stringify(run.error));
    assert.equal(existsSync(project.path('.sidecar/journal/reserve')), false);
    await assert.rejects(project.client.request('state/put', { key: 'k', value: 1 }), {
      error: 'storage_failed',
    });
  });

  await t.test('when the reserve is gone too, the daemon ends with 75, and so does the next', async () => {
    disk.fill(0);
    project.write('two.go', '');
    const { code, stderr } = await serving.finished;
    assert.equal(code, 75, stderr);
    assert.match(stderr, /ENOSPC/);
    const refused = await project.json(['run', 'tiny.json']);
    assert.deepEqual(
      { code: refused.code, error: errorName(refused) },
      { code: 3, error: 'storage_failed' },
      JSON.stringify(refused.document),
    );
  });

  await t.test('with room again everything acknowledged is there and goes on', async () => {
    disk.clear();
    const next = await project.json(['run', 'tiny.json']);
    assert.equal(next.code, 0, next.stderr);
    assert.equal((await project.ended(second)).state, 'succeeded');
    const states = (await project.client.request('run/list', {})).runs.map(
      ({ workflow, state }) => `${workflow} ${state}`,
    );
    assert.deepEqual(states.sort(), ['one succeeded', 'tiny succeeded', 'tiny succeeded', 'two succeeded']);
    assert.equal((await project.client.request('sidecar/status', {})).health, 'ok');
  });
});

test('a limit of file sizes refuses what does not fit, and nothing else', async (t) => {
  const big = { name: 'big', description: 'x'.repeat(100_000), task: [{ id: 'a', exec: ['true'] }] };
  const project = createProject(t, { ...files, 'big.json': JSON.stringify(big) });
  const daemon = await serveWithLimit(project, 64 * 1024);
  const refused = await project.json(['run', 'big.json']);
  assert.deepEqual({ code: refused.code, error: errorName(refused) }, { code: 3, error: 'storage_failed' });
  const run = await project.ended(await project.submit({ ...many, name: 'many' }));
  assert.equal(run.state, 'succeeded');
  process.kill(daemon, 'SIGKILL');
  await until('the daemon to be gone', () => !isAlive(daemon));

  assert.equal((await project.json(['run', 'big.json'])).code, 0);
  assert.deepEqual(await project.get(run.id), run);
  const { runs } = await project.client.request('run/list', {});
  assert.deepEqual(
    runs.map(({ workflow, state }) => `${workflow} ${state}`),
    ['big succeeded', 'many succeeded'],
  );
});

/** Its journal is several times as long as the limit. */
const many: ValueRecord = {
  name: 'many',
  task: [{ id: 'a', for_each: '{{ range(100) }}', call: { method: 'file/formats' } }],
};

/** Starts a daemon whose files may not grow beyond so many bytes, and gives its pid. */
async function serveWithLimit(project: Project, bytes: number): Promise<number> {
  const command = `ulimit -f ${bytes / 512}; exec "$0" "$1" serve`;
  const child = spawn('sh', ['-c', command, process.execPath, mainProgram], {
    cwd: project.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: project.folder, XDG_RUNTIME_DIR: '' },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await until('the daemon to be discovered', () => existsSync(project.path('.sidecar/discovery.json')));
  assert.ok(child.pid);
  assert.equal((await project.daemon()).pid, child.pid);
  return child.pid;
}

const unwritable = [
  { name: 'below a file', path: 'tiny.json/state' },
  { name: 'where nobody can make a folder', path: '/proc/nu-sidecar' },
] as const;

for (const { name, path } of unwritable) {
  test(`a state directory ${name} is refused clearly`, async (t) => {
    const project = createProject(t, files);
    const { code, stdout, stderr } = await project.run(['run', 'tiny.json', '--state-dir', path]);
    assert.deepEqual({ code, stdout }, { code: 3, stdout: '' }, stderr);
    assert.match(stderr, /Cannot write the state directory/);
    assert.match(stderr, /--state-dir/);
    const told = await project.json(['run', 'tiny.json', '--state-dir', path]);
    assert.equal(isRecord(told.document['error']), true);
  });
}
