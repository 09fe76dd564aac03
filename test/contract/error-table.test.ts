import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errors } from '../../protocol/errors.js';
import { packageRoot } from '../../src/package-root.js';
import { sources } from './source-tree.js';

const rows = Object.entries(errors);

test('the manual lists exactly the rows of the table', () => {
  const page = readFileSync(join(packageRoot(), 'docs/methods.md'), 'utf8');
  const listed = [...page.matchAll(/^\| <a id="error-\w+"><\/a>`(\w+)` \| (-?\d+) \|/gm)];
  assert.deepEqual(
    listed.map(([, name, code]) => [name, Number(code)]),
    rows.map(([name, { code }]) => [name, code]),
  );
});

test('codes are unique, and those of our own lie outside the reserved ranges', () => {
  const codes = rows.map(([, { code }]) => code);
  assert.deepEqual(codes, [...new Set(codes)]);
  const standard = new Set([-32700, -32600, -32601, -32602, -32603, -32002, -32800]);
  for (const [name, { code }] of rows) {
    assert.ok(standard.has(code) || code > -32000 || code < -32899, `${name}: ${code}`);
  }
});

test('HTTP statuses are those of errors, advice is a sentence', () => {
  for (const [name, { http, advice }] of rows) {
    assert.ok(http >= 400 && http < 600, `${name}: ${http}`);
    assert.match(advice, /^[A-Z].*\.$/, name);
  }
});

test('every row is used by the program', () => {
  const program = sources(['src'])
    .map((file) => readFileSync(join(packageRoot(), file), 'utf8'))
    .join('\n');
  const unused = rows.map(([name]) => name).filter((name) => !program.includes(`'${name}'`));
  assert.deepEqual(unused, []);
});
