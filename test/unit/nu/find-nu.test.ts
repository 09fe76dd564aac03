import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { createFindNu, isSupported } from '../../../src/nu/find-nu.js';
import { ownFolder } from './real-nu.js';

function program(folder: string, name: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('nu is taken from the configuration, then PATH, then the package', async () => {
  const folder = ownFolder();
  const configured = program(join(folder, 'conf'), 'my-nu', '0.110.0');
  const onPath = program(join(folder, 'bin'), 'nu', '0.112.3');
  const old = program(join(folder, 'old'), 'nu', '0.75.0');
  mkdirSync(join(folder, 'dir/nu'), { recursive: true });
  writeFileSync(join(folder, 'nu'), 'not executable');
  const searchPath = [join(folder, 'dir'), folder, join(folder, 'bin')].join(':');
  const find = createFindNu();
  const expected: readonly [Parameters<typeof find>[0], object][] = [
    [
      { configured, searchPath },
      { path: configured, version: '0.110.0', source: 'config' },
    ],
    [{ searchPath }, { path: onPath, version: '0.112.3', source: 'PATH' }],
    [{ searchPath: join(folder, 'old') }, { version: '0.115.1', source: 'package' }],
    [{ searchPath: '::relative' }, { version: '0.115.1', source: 'package' }],
  ];
  for (const [options, nu] of expected) {
    const found = await find(options);
    assert.deepEqual({ ...found, ...nu }, { ...found });
  }
  const failing: readonly [Parameters<typeof find>[0], RegExp][] = [
    [
      { configured: old, searchPath },
      /0\.108 or newer is needed, but .*old\/nu is version 0\.75\.0: install/,
    ],
    [{ configured: '/nowhere/nu', searchPath }, /was not found at \/nowhere\/nu \(\[nu\] path\): install/],
    [{ searchPath: '', packages: [] }, /was not found on PATH or as an npm package: install Nushell 0\.108/],
    [{ searchPath: join(folder, 'old'), packages: [] }, /is version 0\.75\.0/],
    [{ configured: '/bin/false', searchPath }, /\/bin\/false is version unknown/],
  ];
  for (const [options, message] of failing) {
    await assert.rejects(find(options), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.error, 'nu_missing');
      assert.match(error.message, message);
      return true;
    });
  }
});

test('a program that was replaced is asked again', async () => {
  const folder = ownFolder();
  const find = createFindNu();
  program(folder, 'nu', '0.110.0');
  assert.equal((await find({ searchPath: folder })).version, '0.110.0');
  program(folder, 'nu', '0.111.0');
  assert.equal((await find({ searchPath: folder })).version, '0.111.0');
});

test('supported versions', () => {
  const versions = ['0.107.9', '0.108.0', '0.116.0-nightly.3', '1.0.0', '', 'nonsense'];
  assert.deepEqual(versions.map(isSupported), [false, true, true, true, false, false]);
});
