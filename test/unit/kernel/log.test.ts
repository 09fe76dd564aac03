import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLog } from '../../../src/kernel/log.js';

test('a log file is 0600, one JSON object a line, with the fields of its children', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'nu-sidecar-log-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'daemon.log');
  const log = createLog({ level: 'info', to: { file } });
  log.debug({}, 'not this');
  log.child({ run: 'r-1' }).warn({ err: new Error('boom'), text: 'line\nbreak\u001b[31m' }, 'Something.');
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  assert.equal(lines.length, 1);
  const entry: unknown = JSON.parse(lines[0] ?? '');
  assert.ok(typeof entry === 'object' && entry !== null);
  assert.ok('level' in entry && entry.level === 'warn');
  assert.ok('run' in entry && entry.run === 'r-1');
  assert.ok('msg' in entry && entry.msg === 'Something.');
  assert.ok('err' in entry && JSON.stringify(entry.err).includes('boom'));
  assert.ok(lines[0]?.includes('\u001b') === false, 'no raw control characters');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});
