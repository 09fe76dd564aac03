import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/package-root.js';

/** docs/guarantees.md names the tests that prove each guarantee: the files exist, and hold what is quoted behind them. */
const root = packageRoot();
const page = await readFile(join(root, 'docs', 'guarantees.md'), 'utf8');
const proofs = [...page.matchAll(/^Tests: (.*)$/gm)].flatMap(([, line = '']) =>
  line.split(';').map((proof) => ({
    file: /`([^`]+)`/.exec(proof)?.[1] ?? '',
    titles: [...proof.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  })),
);

test('every guarantee that holds today names a proof', () => {
  const paragraphs = page.split(/\n(?=\*\*\d+\.)/).filter((part) => /^\*\*\d+\./.test(part));
  assert.equal(paragraphs.length, 12);
  for (const paragraph of paragraphs) {
    assert.match(paragraph, /\nTests: |is not part of this version/, paragraph.slice(0, 60));
  }
});

for (const { file, titles } of proofs) {
  test(`${file} proves ${titles.join(', ') || 'it'}`, async () => {
    const text = await readFile(join(root, file), 'utf8');
    for (const title of titles) assert.ok(text.includes(title), `${file} has no test named "${title}"`);
  });
}
