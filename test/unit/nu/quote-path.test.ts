import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { quotePath } from '../../../src/nu/quote-path.js';

const quoted: readonly [string, string][] = [
  ['/a/b.nu', "r#'/a/b.nu'#"],
  ["/it's.nu", "r#'/it's.nu'#"],
  ["/it'#s.nu", "r##'/it'#s.nu'##"],
  ["/it'##s'#.nu", "r###'/it'##s'#.nu'###"],
  ['/$HOME `ls` "x" \\n {y} (z);.nu', 'r#\'/$HOME `ls` "x" \\n {y} (z);.nu\'#'],
  ['/a/..', "r#'/a/..'#"],
  ['/tab\there', "r#'/tab\there'#"],
  ['/日本/é', "r#'/日本/é'#"],
];

const refused = [
  '',
  'relative.nu',
  '~/x.nu',
  '/a\nb',
  '/a\rb',
  '/a\0b',
  '/.../x',
  '/a/....',
  '/\ud800',
  '/bad\uFFFD',
];

test('a path becomes a raw string that no path can close', () => {
  for (const [path, text] of quoted) assert.equal(quotePath(path), text);
});

test('a path that Nushell would read as another one is refused', () => {
  for (const path of refused) {
    assert.throws(
      () => quotePath(path),
      (error) => error instanceof Failure && error.error === 'unreadable',
      path,
    );
  }
});
