/** What a client of another build does with a running daemon. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureDaemon } from '../../src/daemon/ensure-daemon.js';
import { createWorkspace, fakeProgram, type Workspace } from '../fixtures/daemon/workspace.js';

const older = '0.0.1+20200101T000000.000000000000';
const newer = '99.0.0+20990101T000000.ffffffffffff';

const ensureAs = (work: Workspace, buildId: string, protocolVersion: number) =>
  ensureDaemon({
    launch: {
      program: [process.execPath, fakeProgram],
      serveArguments: [],
      stateDirectory: work.stateDirectory,
      project: work.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: work.folder },
    },
    build: { buildId, protocolVersion },
    platform: process.platform,
  });

test('an older build of the same protocol uses the daemon, of another protocol is told both builds', async (t) => {
  const work = createWorkspace(t);
  await work.run(['start']);
  const running = await work.daemon();
  assert.equal((await ensureAs(work, older, 1)).pid, running.pid);
  await assert.rejects(ensureAs(work, older, 2), (error: Error) => {
    assert.match(error.message, new RegExp(running.buildId.replace('+', '\\+')));
    assert.ok(error.message.includes(older));
    return true;
  });
});

test('a newer build replaces an idle daemon, and uses one with a live attempt', async (t) => {
  const work = createWorkspace(t);
  await work.run(['run', 'flow.json', '--detach']);
  const busy = await work.daemon();
  assert.equal((await ensureAs(work, newer, 1)).pid, busy.pid);
  await assert.rejects(ensureAs(work, newer, 2), { error: 'build_mismatch' });
  work.write('a.done', 'x');
  work.write('b.done', 'x');
  assert.equal((await ensureAs(work, newer, 1)).epoch, busy.epoch + 1);
});
