import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkNu } from '../../../src/nu/check-nu.js';
import { nuPackages, realNu } from './real-nu.js';

/** A snippet, and where its first error is; null for one that parses. */
const snippets: readonly [code: string, place: readonly [line: number, column: number] | null][] = [
  ['$in | math sum', null],
  ['use std/assert\nexport def x [] { 1 }\nx', null],
  ['# only a comment', null],
  ['', null],
  ['let a = 1\nlet é: int = "s"', [2, 14]],
  ['} ; "x" | save side-effect; def x [] {', [1, 1]],
  ['def exit [] {}\n"x" | save side-effect', null],
];

for (const packageName of nuPackages) {
  test(`${packageName}: a snippet is parsed where it stands and nothing of it runs`, async () => {
    const { inspector, ask, folder } = await realNu(packageName);
    for (const [text, place] of snippets) {
      const [found] = await checkNu(inspector, { ...ask, source: text });
      assert.deepEqual(found === undefined ? null : [found.line, found.column], place, text);
      assert.equal(found?.path, undefined, text);
    }
    assert.equal(existsSync(join(folder, 'side-effect')), false);
    assert.deepEqual(readdirSync(folder), [], 'no temporary file stays');
  });
}
