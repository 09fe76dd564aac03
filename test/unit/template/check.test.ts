import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineWithFiles } from './engine-with-files.js';

const files = {
  '/templates/good.j2': '{{ a }}{% include "also.j2" %}',
  '/templates/also.j2': 'x',
  '/templates/bad.j2': 'x\n{{ a|nope }}{% include "bad.j2" %}',
};

/** A template, and its findings as `code line:column` with the marked text. */
const rows: readonly (readonly [template: string, findings: readonly string[]])[] = [
  ['{{ anything.at.all }}{% include "good.j2" %}', []],
  ['{{ a|uper }}', ['unknown-filter 1:6 uper']],
  ['{{ a is evn }}', ['unknown-test 1:9 evn']],
  [
    '{{ a|map("uper") }}{{ a|select("od") }}{{ a|selectattr("x", "lq", 1) }}',
    ['unknown-filter 1:10 "uper"', 'unknown-test 1:32 "od"', 'unknown-test 1:61 "lq"'],
  ],
  [
    '{{ rang(3) }}{{ a.upper() }}{{ upper(a) }}',
    ['unknown-function 1:4 rang', 'unknown-function 1:19 upper', 'unknown-function 1:32 upper'],
  ],
  ['{{ range() }}{{ range(1, 2, 3, 4) }}', ['missing-argument 1:4 range()', 'too-many-arguments 1:32 4']],
  ['{{ a|replace("x") }}', ['missing-argument 1:6 replace']],
  ['{{ a|replace(form="x", to="y") }}', ['unknown-argument 1:14 form="x"']],
  ['{{ a|upper(1) }}', ['too-many-arguments 1:12 1']],
  ['{{ a|replace("x", from="y", to="z") }}', ['duplicate-argument 1:19 from="y"']],
  ['{{ a|truncate(length=3, 5) }}', ['syntax 1:25 5']],
  [
    '{% for x in a %}{{ loop.indx }}{{ loop.cyle(1) }}{% endfor %}{{ loop.indx }}',
    ['unknown-field 1:25 indx', 'unknown-function 1:40 cyle'],
  ],
  [
    '{{ 1 + }}{{ a b }}{{ }}{{ "x }}',
    ['syntax 1:8 }', 'syntax 1:15 b', 'syntax 1:22 }', 'unclosed-string 1:27 "x }}'],
  ],
  [
    '{{ a & b }}{{ !a }}{{ a ? 1 : 2 }}',
    ['unexpected-character 1:6 &', 'unexpected-character 1:15 !', 'unexpected-character 1:25 ?'],
  ],
  ['{{ 5sec }}', ['invalid-number 1:4 5sec']],
  ['{% if a %}{% if b %}{% endif %}', ['unclosed-block 1:1 {% if a %}']],
  ['{% endif %}x{% else %}', ['stray-tag 1:1 {% endif %}', 'stray-tag 1:13 {% else %}']],
  [
    '{% if a %}{% endfor %}{% endif %}',
    ['unclosed-block 1:1 {% if a %}', 'stray-tag 1:11 {% endfor %}', 'stray-tag 1:23 {% endif %}'],
  ],
  ['{% ift a %}{% %}', ['unknown-tag 1:4 ift', 'unknown-tag 1:15 %']],
  [
    '{% extends "x" %}\n{% block b %}{% endblock %}{% macro m() %}',
    ['unsupported-tag 1:4 extends', 'unsupported-tag 2:4 block', 'unsupported-tag 2:31 macro'],
  ],
  [
    '{% break %}{% for x in a %}{% set y %}{% continue %}{% endset %}{% endfor %}',
    ['stray-tag 1:4 break', 'stray-tag 1:42 continue'],
  ],
  [
    '{% set loop = 1 %}{% set a.b = 1 %}{% for not in x %}{% endfor %}',
    ['reserved-name 1:8 loop', 'unsupported-tag 1:27 .', 'reserved-name 1:43 not'],
  ],
  ['{# open', ['unclosed-tag 1:1 {#']],
  ['{% raw %}x', ['unclosed-tag 1:1 {% raw %}']],
  ['a{{ b', ['unclosed-tag 1:2 {{']],
  [
    '{% include "none.j2" %}{% include "none.j2" ignore missing %}{% include x %}',
    ['template-not-found 1:12 "none.j2"'],
  ],
  ['{% include "/outside/x" %}', ['outside-roots 1:12 "/outside/x"']],
  ['{% include "bad.j2" %}', ['unknown-filter 2:6 nope']],
];

for (const [template, findings] of rows) {
  test(template, async () => {
    const found = await engineWithFiles(files).check(
      { text: template, name: 'template' },
      { roots: ['/templates'] },
    );
    const written = found.map(({ code, line = 0, column = 0, length = 0, path }) => {
      const text = path === undefined ? template : files['/templates/bad.j2'];
      return `${code} ${line}:${column} ${(text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length)}`;
    });
    assert.deepEqual(written, findings);
    for (const { message, severity, excerpt } of found) {
      assert.match(message, /\.$/);
      assert.equal(severity, 'error');
      assert.match(excerpt ?? '', /\n *\^+$/);
    }
  });
}

test('at most fifty findings are told', async () => {
  const found = await engineWithFiles().check(
    { text: '{{ 1|nope }}'.repeat(1000), name: 'template' },
    { roots: [] },
  );
  assert.equal(found.length, 50);
});
