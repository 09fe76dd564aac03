import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { DateTime, Duration, Float, type Value, type ValueRecord } from '../../../src/kernel/value/value.js';
import type { CompiledSite } from '../../../src/template/site.js';
import { engineWithFiles } from './engine-with-files.js';

const engine = engineWithFiles();
const duration = new Duration(5n);
const scope: ValueRecord = {
  inputs: {
    infra: 'demo',
    servers: ['a', 'b'],
    port: 80,
    ratio: new Float(1),
    wait: duration,
    'dry-run': true,
  },
  tasks: { 'load-balancer': { output: { ids: [7, 8] } } },
  item: null,
};

/** A text, its value, whether it keeps its type, and whether there is nothing to evaluate. */
const sites: readonly (readonly [text: string, value: Value, kind: 'typed' | 'text' | 'constant'])[] = [
  ['plain', 'plain', 'constant'],
  ['', '', 'constant'],
  ['echo {#array} {# no comment #} {% no tag %}', 'echo {#array} {# no comment #} {% no tag %}', 'constant'],
  ['{{ inputs.servers }}', ['a', 'b'], 'typed'],
  ['{{inputs.port}}', 80, 'typed'],
  ['{{ inputs.port + 0.5 }}', 80.5, 'typed'],
  ['{{ inputs.ratio }}', new Float(1), 'typed'],
  ['{{ inputs.wait }}', duration, 'typed'],
  ['{{ item }}', null, 'typed'],
  ['{{ "x" if false }}', null, 'typed'],
  ['{{ inputs["dry-run"] and inputs.infra != "dry" }}', true, 'typed'],
  ['{{ range(3) }}', [0, 1, 2], 'typed'],
  [' {{ inputs.port }}', ' 80', 'text'],
  ['{{ inputs.port }}\n', '80\n', 'text'],
  ['{{ inputs.infra }}-{{ inputs.port }}', 'demo-80', 'text'],
  ['{{ inputs.ratio }}{{ item }}|{{ inputs.servers }}', '1.0|[a, b]', 'text'],
  ['a {{- inputs.port -}} b', 'a80b', 'text'],
  ['{% raw %}{{ inputs.port }}{% endraw %}', '{% raw %}80{% endraw %}', 'text'],
  ["{{ '{{' }} stays", '{{ stays', 'text'],
];

for (const [text, value, kind] of sites) {
  test(`site ${JSON.stringify(text)}`, () => {
    const site: CompiledSite = engine.compileSite(text);
    assert.deepEqual(site.evaluate(scope), value);
    assert.deepEqual(
      { typed: site.typed, constant: site.constant },
      { typed: kind === 'typed', constant: kind === 'constant' },
    );
  });
}

/** An expression and the text of each reference, with its path where the two differ. */
const references: readonly (readonly [
  expression: string,
  paths: readonly (readonly string[])[],
  texts: readonly string[],
])[] = [
  ['1 + 2', [], []],
  ['inputs.infra != "dry"', [['inputs', 'infra']], ['inputs.infra']],
  [
    'tasks["load-balancer"].output.ids[0]',
    [['tasks', 'load-balancer', 'output', 'ids', '0']],
    ['tasks["load-balancer"].output.ids[0]'],
  ],
  [
    'tasks.load-balancer.output',
    [
      ['tasks', 'load'],
      ['balancer', 'output'],
    ],
    ['tasks.load', 'balancer.output'],
  ],
  ['tasks[item].output + range(n)[k]', [['tasks'], ['item'], ['n'], ['k']], ['tasks', 'item', 'n', 'k']],
  [
    '(a.b)|map(attribute="c")|default(d.e)',
    [
      ['a', 'b'],
      ['d', 'e'],
    ],
    ['(a.b)', 'd.e'],
  ],
  ['a if b is defined else {"k": c, d: [e]}', [['b'], ['a'], ['c'], ['d'], ['e']], ['b', 'a', 'c', 'd', 'e']],
  ['a[1:b]', [['a'], ['b']], ['a', 'b']],
];

for (const [expression, paths, texts] of references) {
  test(`references of ${expression}`, () => {
    const found = engine.compileExpression(expression).references;
    assert.deepEqual(
      found.map((reference) => reference.path),
      paths,
    );
    assert.deepEqual(
      found.map(({ offset, length }) => expression.slice(offset, offset + length)),
      texts,
    );
  });
}

test('references of a site point into its text', () => {
  const text = 'id {{ tasks.net.output.id }} of {{ item }}';
  const found = engine.compileSite(text).references;
  assert.deepEqual(
    found.map(({ offset, length }) => text.slice(offset, offset + length)),
    ['tasks.net.output.id', 'item'],
  );
});

test('references of a template leave out what it assigns itself', () => {
  const text = `{% set own = a.b %}{{ own.x }}{% for s in servers if s.up and c %}{{ s.name }}{{ loop.index }}{{ later }}{% else %}{{ s }}{% endfor %}
    {% set later %}{{ d }}{% endset %}{{ later }}{% include e ~ ".j2" %}{% set_global g = 1 %}{{ g }}`;
  const found = engine.references({ text, name: 'template' }).map((reference) => reference.path.join('.'));
  assert.deepEqual(found, ['a.b', 'servers', 'c', 'later', 's', 'd', 'e']);
});

/** What is wrong, the name of the failure, and where it points. */
const failures: readonly (readonly [
  text: string,
  error: string,
  message: RegExp,
  place: readonly [number, number],
])[] = [
  ['{{ inputs.infar }}', 'template_failed', /`inputs.infar` is not defined: the record has infra/, [1, 4]],
  ['ok\n  {{ inputs.port }} {{ nope }}', 'template_failed', /`nope` is not defined/, [2, 24]],
  ['{{ inputs.port + inputs.infra }}', 'template_failed', /`\+` does not work on int and string/, [1, 4]],
  ['{{ inputs.port / 0 }}', 'template_failed', /Division by zero/, [1, 4]],
  ['{{ inputs.port', 'template_invalid', /not closed/, [1, 1]],
  ['{{ }}', 'template_invalid', /Expected an expression/, [1, 4]],
  ['x {{ inputs.port | uper }}', 'template_invalid', /The filter `uper` is unknown/, [1, 20]],
];

for (const [text, name, message, [line, column]] of failures) {
  test(`failure of ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => engine.compileSite(text).evaluate(scope),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.error, name);
        assert.match(error.message, message);
        const diagnostic = error.data.diagnostics?.[0];
        assert.deepEqual([diagnostic?.line, diagnostic?.column], [line, column]);
        assert.match(diagnostic?.excerpt ?? '', /\^/);
        return true;
      },
    );
  });
}

test('a misspelt name brings the nearest one', () => {
  const advice = (text: string): string | undefined => {
    try {
      engine.compileExpression(text).evaluate(scope);
      return undefined;
    } catch (error) {
      return error instanceof Failure ? error.data.advice : undefined;
    }
  };
  assert.equal(advice('inputs.infar'), 'Did you mean `infra`?');
  assert.equal(advice('input.infra'), 'Did you mean `inputs`?');
  assert.equal(advice('item is defind'), 'Did you mean `defined`?');
  assert.equal(advice('item|replace(form="a", to="b")'), 'Did you mean `from`?');
});

test('a compiled site keeps nothing of a scope', () => {
  const site = engine.compileSite('{{ value }}');
  assert.equal(site.evaluate({ value: 1 }), 1);
  assert.throws(() => site.evaluate({}), Failure);
  assert.equal(engine.compileSite('{{ value }}'), site);
});

test('dates and durations work in expressions', () => {
  const at = new DateTime('2026-03-01T00:00:00+01:00');
  const evaluate = (text: string): Value =>
    engine.compileExpression(text).evaluate({ at, day: new Duration(86_400_000_000_000n) });
  assert.deepEqual(evaluate('at - day'), new DateTime('2026-02-28T00:00:00+01:00'));
  assert.deepEqual(evaluate('(at + day) - at'), new Duration(86_400_000_000_000n));
  assert.equal(evaluate('at < at + day and day > day / 2'), true);
});
