import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/package-root.js';
import { sources } from './source-tree.js';

const declared = /^export\s+(?:async\s+)?(?:function\*?|const|let|class)\s+(\w+)/gm;
const importing = /import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'(\.[^']+)'/g;
const whole = /(?:import\s+\*\s+as\s+\w+\s+from\s+|import\(\s*)'(\.[^']+)'/g;

const text = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');

/** The source that an import of another source means. */
const sourceOf = (importer: string, specifier: string): string =>
  join(dirname(importer), specifier).replace(/\.js$/, '.ts');

test('what a file of the program exports is used by another file', () => {
  const used = new Set<string>();
  for (const file of sources(['protocol', 'state', 'src', 'test', 'bench'])) {
    const source = text(file);
    for (const [, names = '', specifier = ''] of source.matchAll(importing)) {
      for (const name of names.split(','))
        used.add(
          `${sourceOf(file, specifier)} ${
            name
              .trim()
              .replace(/^type /, '')
              .split(' as ')[0]
          }`,
        );
    }
    for (const [, specifier = ''] of source.matchAll(whole)) used.add(`${sourceOf(file, specifier)} *`);
  }
  // protocol/ and state/ are contracts: what they hold is for whoever reads them.
  const unused = sources(['src'])
    .filter((file) => !used.has(`${file} *`))
    .flatMap((file) => [...text(file).matchAll(declared)].map(([, name = '']) => `${file} ${name}`))
    .filter((exported) => !used.has(exported));
  assert.deepEqual(unused, []);
});
