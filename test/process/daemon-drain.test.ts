/** How a daemon ends by a signal or a failing disk, and what its clients see of it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { createWorkspace, until, type Workspace } from '../fixtures/daemon/workspace.js';

/** Starts a daemon in the foreground with a run whose task `a` goes on until a.done is there. */
async function serveWithRun(work: Workspace) {
  const server = work.start(['serve', '--log-level', 'info'], { input: null });
  await until('the daemon to be ready', () => server.output().includes('nu-sidecar is ready'));
  const submitted = await work.run(['run', 'flow.json', '--detach', '--json']);
  assert.equal(submitted.code, 0, submitted.stderr);
  return server;
}

test('SIGTERM lets live work finish, closes the state and exits 0', async (t) => {
  const work = createWorkspace(t);
  const server = await serveWithRun(work);
  server.child.kill('SIGTERM');
  await until('the drain to begin', () => server.output().includes('the daemon is ending'));
  // It still answers while it drains, but starts nothing new.
  assert.equal((await work.run(['runs', '--json'])).code, 0);
  assert.equal(server.child.exitCode, null);
  work.write('a.done', 'x');
  work.write('b.done', 'x');
  const { code, stdout, stderr } = await server.finished;
  assert.deepEqual({ code, stdout }, { code: 0, stdout: '' }, stderr);
  assert.equal(existsSync(work.path('.sidecar/discovery.json')), false);
  assert.equal(existsSync(work.path('.sidecar/lock.1.released')), true);
});

test('a second signal does not wait for live work', async (t) => {
  const work = createWorkspace(t);
  const server = await serveWithRun(work);
  server.child.kill('SIGTERM');
  await until('the drain to begin', () => server.output().includes('the daemon is ending'));
  server.child.kill('SIGINT');
  const { code } = await server.finished;
  assert.equal(code, 0);
  assert.equal(existsSync(work.path('.sidecar/lock.1.released')), true);
});

test('a submit to a daemon that is ending waits for it and goes to the next one', async (t) => {
  const work = createWorkspace(t);
  const server = await serveWithRun(work);
  server.child.kill('SIGTERM');
  await until('the drain to begin', () => server.output().includes('the daemon is ending'));
  const second = work.start(['run', 'flow.json', '--detach', '--json']);
  // The first answer was a refusal; only the end of the old daemon lets it go on.
  work.write('a.done', 'x');
  work.write('b.done', 'x');
  const { code, stdout, stderr } = await second.finished;
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).id, 'r-2');
  assert.equal((await server.finished).code, 0);
  assert.equal((await work.daemon()).epoch, 2);
});

test('a daemon whose storage is beyond rescue says so and exits 75', async (t) => {
  const work = createWorkspace(t);
  const server = work.start(['serve'], { input: null });
  await until('the daemon to be ready', () => server.output().includes('nu-sidecar is ready'));
  await work.run(['call', 'template/render', '{"source": "break storage"}']);
  const { code, stderr } = await server.finished;
  assert.equal(code, 75);
  assert.match(stderr, /no space left on the device/);
});
