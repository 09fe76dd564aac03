import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  daemonLogLimitBytes,
  daemonLogPath,
  openDaemonLog,
  tailDaemonLog,
} from '../../../src/daemon/daemon-log.js';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'nu-sidecar-log-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('a log goes on where it was, private', async (t) => {
  const state = folder(t);
  for (const text of ['one\n', 'two\n']) {
    const log = await openDaemonLog(state);
    await log.write(text);
    await log.close();
  }
  assert.equal(readFileSync(daemonLogPath(state), 'utf8'), 'one\ntwo\n');
  assert.equal(statSync(daemonLogPath(state)).mode & 0o777, 0o600);
});

test('a log over the limit is set aside once', async (t) => {
  const state = folder(t);
  writeFileSync(daemonLogPath(state), '');
  truncateSync(daemonLogPath(state), daemonLogLimitBytes + 1);
  await (await openDaemonLog(state)).close();
  assert.equal(statSync(daemonLogPath(state)).size, 0);
  assert.equal(statSync(`${daemonLogPath(state)}.1`).size, daemonLogLimitBytes + 1);
});

test('a link in the place of the log is not followed', async (t) => {
  const state = folder(t);
  symlinkSync(join(state, 'elsewhere'), daemonLogPath(state));
  await assert.rejects(openDaemonLog(state), { code: 'ELOOP' });
  assert.equal(existsSync(join(state, 'elsewhere')), false);
});

test('the tail is what was written since, at most twelve lines', async (t) => {
  const state = folder(t);
  assert.deepEqual(await tailDaemonLog(state), []);
  writeFileSync(daemonLogPath(state), 'old\nnew 1\nnew 2\n');
  assert.deepEqual(await tailDaemonLog(state, 4), ['new 1', 'new 2']);
  writeFileSync(daemonLogPath(state), Array.from({ length: 2000 }, (_, index) => `line ${index}\n`).join(''));
  const lines = await tailDaemonLog(state);
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [12, 'line 1988', 'line 1999']);
});
