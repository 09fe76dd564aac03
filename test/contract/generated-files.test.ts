import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedFiles } from '../../src/generated-files.js';
import { packageRoot } from '../../src/package-root.js';

for (const { path, emit } of generatedFiles) {
  test(`${path} is what the source says`, () => {
    const committed = readFileSync(join(packageRoot(), path), 'utf8');
    // One comparison instead of a diff of thousands of lines.
    assert.ok(committed === emit(), `${path} is out of date: run npm run generate`);
  });
}

test('no file is generated twice', () => {
  const paths = generatedFiles.map(({ path }) => path);
  assert.deepEqual(paths, [...new Set(paths)]);
});
