/** `nu-sidecar run` from the outside: what it prints, how it ends, and what it survives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkspace, isAlive, until } from '../fixtures/daemon/workspace.js';

const rows = [
  { name: 'success', done: { a: 'x', b: 'y' }, code: 0, states: ['succeeded', 'succeeded'] },
  { name: 'a failed task', done: { a: 'failed' }, code: 1, states: ['failed', 'skipped'] },
] as const;

for (const { name, done, code, states } of rows) {
  test(`${name}: --json prints the run and nothing else`, async (t) => {
    const work = createWorkspace(t);
    for (const [task, text] of Object.entries(done)) work.write(`${task}.done`, text);
    const result = await work.run(['run', 'flow.json', '--json', '--input', 'n=3']);
    assert.equal(result.code, code, result.stderr);
    const run = JSON.parse(result.stdout);
    assert.deepEqual(
      run.tasks.map((task: { readonly state: string }) => task.state),
      states,
    );
    assert.deepEqual(run.inputs, { n: '3' });
    const got = await work.run(['call', 'run/get', JSON.stringify({ runId: run.id })]);
    assert.deepEqual(JSON.parse(got.stdout), run);
  });
}

test('a run is told by lines and a report that names the next commands', async (t) => {
  const work = createWorkspace(t);
  work.write('a.done', 'x');
  work.write('b.done', 'failed');
  const { code, stdout, stderr } = await work.run(['run', 'flow.json']);
  assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
  assert.match(stdout, /^✓ a succeeded/m);
  assert.match(stdout, /^b +✗ failed +1 /m);
  assert.match(stdout, /b: b went wrong\n {2}help: try again/);
  assert.match(stdout, /next:\n {2}nu-sidecar logs r-1 b\n {2}nu-sidecar runs show r-1\n$/);
  const shown = await work.run(['runs', 'show', 'r-1', '--json']);
  assert.equal(JSON.parse(shown.stdout).state, 'failed');
});

test('the next commands name the project only from elsewhere, and the program as it was called', async (t) => {
  const work = createWorkspace(t);
  work.write('a.done', 'x');
  work.write('b.done', 'x');
  const state = work.path('other');
  work.alsoClean(state);
  const { stdout } = await work.run(['run', 'flow.json', '--state-dir', state], {
    env: { npm_command: 'exec' },
  });
  assert.match(stdout, /^ {2}npx nu-sidecar runs show r-1 --state-dir \S+\/other$/m);
});

test('the file and the invocation: exit 2 with every finding, 3 where nothing could be run', async (t) => {
  const work = createWorkspace(t);
  work.write('bad.json', 'tasks');
  const bad = await work.run(['run', 'bad.json']);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /bad\.json:1:1: error: no JSON \[syntax\]/);
  assert.equal(bad.stdout, '');
  const json = await work.run(['run', 'bad.json', '--json']);
  assert.equal(json.code, 2);
  assert.equal(JSON.parse(json.stdout).error.name, 'workflow_invalid');
  assert.equal((await work.run(['run', 'flow.json', '--input', 'n'])).code, 2);
  assert.equal((await work.run(['run'])).code, 2);
  assert.equal((await work.run(['runn', 'flow.json'])).code, 2);
  assert.equal((await work.run(['validate', 'bad.json'])).code, 2);
  const refused = await work.run(['run', 'flow.json', '--json', '--state-dir', 'flow.json/x']);
  assert.equal(refused.code, 3);
  assert.equal(JSON.parse(refused.stdout).error.name, 'storage_failed');
});

test('a run survives kill -9 of the daemon while it is followed', async (t) => {
  const work = createWorkspace(t);
  const following = work.start(['run', 'flow.json']);
  await until('the run to be followed', () => following.output().includes('a running'));
  const first = await work.daemon();
  process.kill(first.pid, 'SIGKILL');
  await until('the loss to be told', () => following.output().includes('The sidecar is gone'));
  work.write('a.done', 'x');
  work.write('b.done', 'x');
  const { code, stdout, stderr } = await following.finished;
  assert.equal(code, 0, stdout + stderr);
  assert.equal((await work.daemon()).epoch, first.epoch + 1);
});

test('who stops the daemon is not overruled by who follows a run', async (t) => {
  const work = createWorkspace(t);
  const following = work.start(['run', 'flow.json', '--json']);
  await until('the run to be there', async () => (await work.run(['runs', '--json'])).stdout.includes('r-1'));
  const { pid } = await work.daemon();
  assert.equal((await work.run(['stop', '--force'])).code, 0);
  const { code, stdout } = await following.finished;
  assert.equal(code, 3, stdout);
  assert.match(JSON.parse(stdout).error.message, /The daemon was stopped/);
  assert.equal(isAlive(pid), false);
  assert.equal((await work.run(['status'])).code, 1);
});

test('Ctrl-C asks for a cancel and waits for the clean-up', async (t) => {
  const work = createWorkspace(t);
  const following = work.start(['run', 'flow.json']);
  await until('the run to be followed', () => following.output().includes('a running'));
  following.child.kill('SIGINT');
  await until('the cancel to be in force', () => following.output().includes('run cancelling'));
  assert.match(following.output(), /Cancelling: waiting for the clean-up/);
  work.write('cleanup.done', '');
  const { code, stdout } = await following.finished;
  assert.equal(code, 130);
  assert.match(stdout, /fake cancelled in/);
});

test('a second Ctrl-C leaves, and the cancel stays in force', async (t) => {
  const work = createWorkspace(t);
  const following = work.start(['run', 'flow.json']);
  await until('the run to be followed', () => following.output().includes('a running'));
  following.child.kill('SIGINT');
  await until('the cancel to be in force', () => following.output().includes('run cancelling'));
  following.child.kill('SIGINT');
  const { code, stderr } = await following.finished;
  assert.equal(code, 130);
  assert.match(stderr, /The cancel of run r-1 stays in force/);
  const { stdout } = await work.run(['runs', 'show', 'r-1', '--json']);
  assert.equal(JSON.parse(stdout).state, 'cancelling');
});

test('who stops reading ends a command quietly', async (t) => {
  const work = createWorkspace(t);
  const following = work.start(['run', 'flow.json']);
  await until('the run to be followed', () => following.output().includes('a running'));
  following.child.stdout?.destroy();
  work.write('a.done', 'x');
  const { code, stderr } = await following.finished;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});

test('completion knows commands, options, runs and tasks, and starts no daemon', async (t) => {
  const work = createWorkspace(t);
  const words = async (...args: readonly string[]) => {
    const { stdout } = await work.run(['__complete', '--', ...args]);
    return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
  };
  assert.deepEqual(await words('runs', 'show', ''), []);
  assert.equal((await work.run(['status'])).code, 1);
  await work.run(['run', 'flow.json', '--detach']);
  assert.deepEqual(await words('runs', 'show', ''), ['r-1']);
  assert.deepEqual(await words('logs', 'r-1', ''), ['a', 'b']);
  assert.deepEqual(await words('ru'), ['run', 'runs']);
  assert.deepEqual(await words('run', '--state-dir', 'x', '--lab'), ['--label']);
  assert.deepEqual(await words('completion', 'f'), ['fish']);
});

test('doctor names what is wrong with its cure, and changes nothing', async (t) => {
  const work = createWorkspace(t);
  const healthy = await work.run(['doctor', '--json']);
  assert.equal(healthy.code, 0, healthy.stdout);
  assert.equal((await work.run(['status'])).code, 1);
  await work.run(['start']);
  const { pid } = await work.daemon();
  process.kill(pid, 'SIGKILL');
  await until('the daemon to be gone', () => !isAlive(pid));
  work.write('sidecar.toml', '[daemn]\n');
  const { code, stdout } = await work.run(['doctor', '--json']);
  assert.equal(code, 1);
  const statuses = Object.fromEntries(
    JSON.parse(stdout).checks.map((check: { readonly name: string; readonly status: string }) => [
      check.name,
      check.status,
    ]),
  );
  assert.deepEqual(
    { settings: statuses.settings, lock: statuses.lock, socket: statuses.socket, sidecar: statuses.sidecar },
    { settings: 'problem', lock: 'note', socket: 'note', sidecar: 'ok' },
  );
});
