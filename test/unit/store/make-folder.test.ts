import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { within } from '../../../src/kernel/signal.js';
import { makeFolder } from '../../../src/store/make-folder.js';

test('what is missing is made, private, and the topmost is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sidecar-folder-'));
  try {
    assert.equal(await makeFolder(join(folder, 'a', 'b', 'c')), join(folder, 'a'));
    assert.equal(await makeFolder(join(folder, 'a', 'b', 'c')), undefined);
    assert.equal((await stat(join(folder, 'a', 'b', 'c'))).mode & 0o777, 0o700);
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(makeFolder(join(folder, 'file')), { code: 'EEXIST' });
    await assert.rejects(makeFolder(join(folder, 'file', 'below')), { code: 'ENOTDIR' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a folder in which nothing can be made is an error, not a wait without end', async () => {
  await assert.rejects(within(makeFolder('/proc/nu-sidecar/state'), 5000, 'the folder'), { code: 'ENOENT' });
});
