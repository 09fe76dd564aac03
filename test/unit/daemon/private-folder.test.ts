import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makePrivateFolder } from '../../../src/daemon/private-folder.js';

const uid = process.getuid?.() ?? 0;

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'nu-sidecar-private-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('a folder is made private, and one of ours that is open is closed', async (t) => {
  const path = join(folder(t), 'sockets');
  await makePrivateFolder(path, uid);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  chmodSync(path, 0o777);
  await makePrivateFolder(path, uid);
  assert.equal(statSync(path).mode & 0o777, 0o700);
});

test('a folder of another user, a link and a file are refused', async (t) => {
  const parent = folder(t);
  const theirs = join(parent, 'theirs');
  mkdirSync(theirs);
  await assert.rejects(makePrivateFolder(theirs, uid + 1), { error: 'config_invalid' });
  const link = join(parent, 'link');
  symlinkSync(theirs, link);
  await assert.rejects(makePrivateFolder(link, uid), { error: 'config_invalid' });
  const file = join(parent, 'file');
  writeFileSync(file, '');
  await assert.rejects(makePrivateFolder(join(file), uid));
});
