import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { createTemplateEngine } from '../../../src/template/engine.js';
import { engineWithFiles, stillClock } from './engine-with-files.js';

const files: Readonly<Record<string, string>> = {
  '/project/templates/page.j2': 'page[{% include "part.j2" %}]',
  '/project/templates/part.j2': 'beside:{{ name }}',
  '/project/templates/deep/page.j2': '{% include "part.j2" %}|{% include "../part.j2" %}',
  '/project/templates/deep/part.j2': 'deep',
  '/shared/part.j2': 'shared',
  '/shared/footer.j2': 'footer',
  '/shared/item.j2': '{{ item|default("-") }}{{ loop.index|default("") }}',
  '/shared/nested.j2': '{% set name = "inner" %}{{ name }}{% include "b.j2" %}',
  '/shared/broken.j2': 'ok\n{{ 1 + }}',
  '/shared/failing.j2': 'ok\n  {{ nope }}',
  '/shared/a.j2': 'a{% include "b.j2" %}',
  '/shared/b.j2': 'b{{ name }}',
};
const roots = ['/project/templates', '/shared'];

/** Template, where it lies, and what comes out. */
const rows: readonly (readonly [template: string, path: string | undefined, text: string])[] = [
  ['{% include "part.j2" %}', '/project/templates/x.j2', 'beside:web'],
  ['{% include "part.j2" %}', undefined, 'beside:web'],
  ['{% include "part.j2" %}', '/shared/x.j2', 'shared'],
  ['{% include "page.j2" %}', undefined, 'page[beside:web]'],
  ['{% include "deep/page.j2" %}', undefined, 'deep|beside:web'],
  ['{% include "/shared/footer.j2" %}', undefined, 'footer'],
  ['{% include "a.j2" %}{% include "a.j2" %}', undefined, 'abwebabweb'],
  ['{% set file = "foot" %}{% include file ~ "er.j2" %}', undefined, 'footer'],
  ['{% include ["none.j2", "footer.j2"] %}', undefined, 'footer'],
  ['[{% include "none.j2" ignore missing %}]', undefined, '[]'],
  ['[{% include ["none.j2", "no.j2"] ignore missing with context %}]', undefined, '[]'],
  [
    '{% for item in [1, 2] %}{% include "item.j2" %} {% endfor %}{% include "item.j2" %}',
    undefined,
    '11 22 -',
  ],
  ['{% for item in [1] %}{% include "item.j2" without context %}{% endfor %}', undefined, '-'],
  ['{% set name = "set" %}{% include "b.j2" %}', undefined, 'bset'],
  ['{% include "nested.j2" %} {{ name }}', undefined, 'innerbinner web'],
  ['{% set text %}{% include "footer.j2" %}{% endset %}{{ text|upper }}', undefined, 'FOOTER'],
];

for (const [template, path, wanted] of rows) {
  test(`${template} in ${path ?? 'a text'}`, async () => {
    const source = { text: template, name: 'template', ...(path === undefined ? {} : { path }) };
    assert.equal(await engineWithFiles(files).render(source, { name: 'web' }, { roots }), wanted);
  });
}

/** What fails, with which error, in which file and at which place. */
const failures: readonly (readonly [
  template: string,
  error: string,
  message: RegExp,
  place: readonly (string | number | undefined)[],
])[] = [
  ['x\n {% include "none.j2" %}', 'template_failed', /No template "none.j2"/, [undefined, 2, 13]],
  ['{% include ["a", "b"] %}', 'template_failed', /No template "a" or "b"/, [undefined, 1, 12]],
  ['{% include 5 %}', 'template_failed', /An include names int/, [undefined, 1, 12]],
  [
    '{% include "broken.j2" %}',
    'template_invalid',
    /broken.j2:2:8: Expected an expression/,
    ['/shared/broken.j2', 2, 8],
  ],
  [
    '{% include "failing.j2" %}',
    'template_failed',
    /failing.j2:2:6: `nope` is not defined/,
    ['/shared/failing.j2', 2, 6],
  ],
];

for (const [template, name, message, place] of failures) {
  test(`failure of ${template}`, async () => {
    const rendering = engineWithFiles(files).render(
      { text: template, name: 'template' },
      { name: 'web' },
      { roots },
    );
    await assert.rejects(rendering, (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.error, name);
      assert.match(error.message, message);
      const diagnostic = error.data.diagnostics?.[0];
      assert.deepEqual([diagnostic?.path, diagnostic?.line, diagnostic?.column], place);
      return true;
    });
  });
}

test('a file is read once a render, and again by the next', async () => {
  let text = 'one';
  let reads = 0;
  const engine = createTemplateEngine({
    clock: stillClock,
    readTemplate: async (path) => {
      reads++;
      return { text, path };
    },
  });
  const source = { text: '{% for i in range(5) %}{% include "x" %}{% endfor %}', name: 'template' };
  assert.equal(await engine.render(source, {}, { roots: ['/r'] }), 'one'.repeat(5));
  assert.equal(reads, 1);
  text = 'two';
  assert.equal(await engine.render(source, {}, { roots: ['/r'] }), 'two'.repeat(5));
});

test('a failure of the port comes through as it is', async () => {
  const cause = new Failure('limit_exceeded', 'The file is too large.');
  const engine = createTemplateEngine({ clock: stillClock, readTemplate: () => Promise.reject(cause) });
  const source = { text: '{% include "x" ignore missing %}', name: 'template' };
  await assert.rejects(engine.render(source, {}, { roots: ['/r'] }), cause);
});

test('without a root and a path there is nowhere to look', async () => {
  const rendering = engineWithFiles(files).render(
    { text: '{% include "a.j2" %}', name: 'template' },
    {},
    { roots: [] },
  );
  await assert.rejects(
    rendering,
    (error) => error instanceof Failure && /a template folder to look in/.test(error.data.expected ?? ''),
  );
});
