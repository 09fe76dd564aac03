import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { parseNuon } from '../../../src/kernel/value/nuon.js';
import { isRecord, type ValueRecord } from '../../../src/kernel/value/value.js';
import { packageRoot } from '../../../src/package-root.js';
import { engineWithFiles } from './engine-with-files.js';

/**
 * A template test is a file: the context in NUON, the template, and what comes out, with a line `---` between them. A failure is
 * its name and message, then each finding with its excerpt and advice. Files in `includes/` can be included.
 */
const folder = join(packageRoot(), 'test', 'fixtures', 'templates');
const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8');
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const includes = readdirSync(join(folder, 'includes')).map(
  (name) => [`/templates/${name}`, read('includes', name)] as const,
);
const engine = engineWithFiles(Object.fromEntries(includes));

async function outcome(text: string, context: ValueRecord): Promise<string> {
  try {
    return await engine.render({ text, name: 'template' }, context, { roots: ['/templates'] });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const findings = (error.data.diagnostics ?? []).map((found) =>
      [
        `${found.path ?? 'template'}:${found.line}:${found.column}: ${found.message}`,
        found.excerpt,
        found.expected,
        found.advice,
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
    );
    return `${error.error}\n${findings.join('\n')}\n`;
  }
}

for (const name of names) {
  test(name, async () => {
    const [context = '', template = '', wanted = '', ...more] = read(name).split(/^---\n/m);
    assert.equal(more.length, 0, `${name} has more than three parts`);
    const scope = parseNuon(context);
    assert.ok(isRecord(scope), `${name} starts with a record`);
    assert.equal(await outcome(template, scope), wanted);
  });
}

test('there are fixtures', () =>
  assert.ok(names.length >= 12, `expected at least 12, found ${names.length}`));
