import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { callTag } from '../../src/nu/call-nu.js';
import { settleCalls } from '../../src/nu/settle-calls.js';
import { settleOrphans } from '../../src/process/settle-orphans.js';

test('a new daemon ends the processes of a call that was never answered, and leaves those of answered ones alone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sidecar-calls-'));
  const stateId = `test-${process.pid}`;
  const start = (folder: string) =>
    spawn('sleep', ['60'], {
      detached: true,
      stdio: 'ignore',
      env: { PATH: process.env['PATH'] ?? '', SIDECAR_ATTEMPT: callTag(stateId, join(directory, folder)) },
    });
  await mkdir(join(directory, 'call-unanswered'));
  const orphan = start('call-unanswered');
  const output = start('call-answered');
  try {
    const ended = once(orphan, 'exit');
    await settleCalls({ directory, stateId, settle: settleOrphans, graceMs: 1000, killDeadlineMs: 5000 });
    await ended;
    assert.deepEqual(await readdir(directory), []);
    assert.equal(output.exitCode ?? output.signalCode, null, 'the server of an answered call still runs');
  } finally {
    output.kill('SIGKILL');
    orphan.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
});
