/** The life of a daemon as its callers see it: started once, discovered, stopped, idle, killed, refused. */
import assert from 'node:assert/strict';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createWorkspace, isAlive, until } from '../fixtures/daemon/workspace.js';

test('20 clients that start at once get one daemon', async (t) => {
  const work = createWorkspace(t);
  const starters = Array.from({ length: 20 }, () => work.run(['start', '--json']));
  const results = await Promise.all(starters);
  assert.deepEqual(
    [...new Set(results.map(({ code }) => code))],
    [0],
    results.map(({ stderr }) => stderr).join(''),
  );
  const pids = new Set(results.map(({ stdout }) => JSON.parse(stdout).pid));
  assert.deepEqual([...pids], [(await work.daemon()).pid]);
  assert.deepEqual(
    readdirSync(work.stateDirectory).filter((name) => /^lock\.\d+$/.test(name)),
    ['lock.1'],
  );
});

test('a detached daemon holds nothing of its caller, and keeps its own files private', async (t) => {
  const work = createWorkspace(t);
  // `finished` needs both pipes closed by everybody: a daemon that held one would make this wait for ever.
  const { code } = await work.run(['start'], {
    env: { NODE_OPTIONS: '--no-warnings', SECRET: 'x', LANG: 'C.UTF-8' },
  });
  assert.equal(code, 0);
  const { pid, rpcSocket } = await work.daemon();
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .map((entry) => entry.split('=')[0]);
  assert.equal(
    environment.includes('SECRET') || environment.includes('NODE_OPTIONS'),
    false,
    environment.join(' '),
  );
  assert.equal(environment.includes('LANG') && environment.includes('PATH'), true, environment.join(' '));
  assert.equal(readlinkSync(`/proc/${pid}/cwd`), '/');
  const modes = [
    work.stateDirectory,
    rpcSocket,
    work.path('.sidecar/discovery.json'),
    work.path('.sidecar/daemon.log'),
  ];
  assert.deepEqual(
    modes.map((path) => (statSync(path).mode & 0o777).toString(8)),
    ['700', '600', '600', '600'],
  );
});

test('stop returns when the process has ended, and leaves nothing to discover', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start']);
  const { pid, rpcSocket } = await work.daemon();
  const { code, stdout } = await work.run(['stop', '--json']);
  assert.deepEqual({ code, outcome: JSON.parse(stdout) }, { code: 0, outcome: { stopped: true, pid } });
  assert.equal(isAlive(pid), false);
  assert.equal(existsSync(rpcSocket) || existsSync(work.path('.sidecar/discovery.json')), false);
  const again = await work.run(['stop', '--json']);
  assert.deepEqual(
    { code: again.code, outcome: JSON.parse(again.stdout) },
    { code: 0, outcome: { stopped: false } },
  );
});

test('a daemon that nobody needs ends by itself; one with an unfinished run stays', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start', '--idle-timeout', '100ms']);
  const first = await work.daemon();
  await until('the idle daemon to end', () => !isAlive(first.pid));
  assert.equal(existsSync(work.path('.sidecar/discovery.json')), false);

  const env = { SIDECAR_IDLE_TIMEOUT: '100ms' };
  const submitted = await work.run(['run', 'flow.json', '--detach', '--json'], { env });
  assert.equal(submitted.code, 0, submitted.stderr);
  const second = await work.daemon();
  // Had the timer only looked at connections, several idle timeouts are over when this has been looked at.
  for (let look = 0; look < 5; look += 1) assert.equal((await work.run(['status'])).code, 0);
  assert.equal((await work.daemon()).pid, second.pid);
  work.write('a.done', 'x');
  work.write('b.done', 'x');
  await until('the daemon to end after its run', () => !isAlive(second.pid));
});

test('a second daemon on the same state is refused with the pid of the first', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start']);
  const { pid } = await work.daemon();
  for (const args of [['serve'], ['stdio', '--standalone']]) {
    const { code, stdout, stderr } = await work.run(args);
    assert.deepEqual({ code, stdout }, { code: 73, stdout: '' }, stderr);
    assert.match(stderr, new RegExp(`pid ${pid}\\b`));
  }
  assert.equal((await work.daemon()).pid, pid);
});

test('after a kill the stale socket and discovery are replaced', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start']);
  const first = await work.daemon();
  process.kill(first.pid, 'SIGKILL');
  await until('the daemon to be gone', () => !isAlive(first.pid));
  assert.equal(existsSync(first.rpcSocket), true);
  assert.equal((await work.run(['status'])).code, 1);
  const { code } = await work.run(['call', 'template/render', '{"source": "hi"}']);
  assert.equal(code, 0);
  const second = await work.daemon();
  assert.deepEqual([second.epoch, second.rpcSocket], [first.epoch + 1, first.rpcSocket]);
});

test('what is no socket at the path of the socket stays, and the start says so', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start']);
  const { rpcSocket } = await work.daemon();
  await work.run(['stop']);
  writeFileSync(rpcSocket, 'precious');
  const { code, stderr } = await work.run(['start']);
  assert.equal(code, 3);
  assert.match(stderr, /Something else is where the socket belongs/);
  assert.equal(readFileSync(rpcSocket, 'utf8'), 'precious');
});

test('a state directory whose socket path has 112 bytes gets its sockets elsewhere, private', async (t) => {
  const work = createWorkspace(t);
  const stateDirectory = join(work.folder, 'x'.repeat(112 - '/rpc.sock'.length - work.folder.length - 1));
  assert.equal(Buffer.byteLength(join(stateDirectory, 'rpc.sock')), 112);
  work.alsoClean(stateDirectory);
  const { code, stdout, stderr } = await work.run(['start', '--json', '--state-dir', stateDirectory]);
  assert.equal(code, 0, stderr);
  const { rpcSocket } = JSON.parse(stdout);
  assert.match(rpcSocket, /^\/tmp\/nu-sidecar-\d+\/[0-9a-f]+\/rpc\.sock$/);
  const rendered = await work.run(['render', 'flow.json', '--state-dir', stateDirectory]);
  assert.notEqual(rendered.code, 3, rendered.stderr);
  const stopped = await work.run(['stop', '--state-dir', stateDirectory]);
  assert.equal(stopped.code, 0);
});

test('a state directory that cannot be made is refused with what to do', async (t) => {
  const work = createWorkspace(t);
  const { code, stderr } = await work.run(['start', '--state-dir', work.path('flow.json/state')]);
  assert.equal(code, 3);
  assert.match(stderr, /Cannot write the state directory .*flow\.json\/state/);
  assert.match(stderr, /--state-dir/);
});

test('a daemon that cannot start is told with the end of its log', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start']);
  await work.run(['stop']);
  rmSync(work.path('.sidecar/lock.1.released'));
  work.write('.sidecar/lock.1', 'no lock');
  const { code, stderr } = await work.run(['start']);
  assert.equal(code, 3);
  assert.match(stderr, /The daemon ended with exit code 3 before it answered/);
  assert.match(stderr, /lock/);
});
