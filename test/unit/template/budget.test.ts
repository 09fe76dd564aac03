import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/kernel/clock.js';
import { Failure } from '../../../src/kernel/failure.js';
import type { Value, ValueRecord } from '../../../src/kernel/value/value.js';
import type { TemplateBudgets } from '../../../src/template/budget.js';
import { engineWithFiles, outcomeOf, stillClock } from './engine-with-files.js';

const doubling = (count: number): string => '{% set s = s ~ s %}'.repeat(count);

const context: ValueRecord = {
  s: 'a'.repeat(1000),
  needle: `b${'a'.repeat(500_000)}`,
  hay: 'a'.repeat(2_000_000),
  items: Array.from({ length: 1000 }, (_, index) => index),
};

/** What would take for ever, or all memory: every row ends in a budget, and the engine works on. */
const attacks: readonly (readonly [name: string, template: string])[] = [
  ['doubling a string', `${doubling(40)}{{ s|length }}`],
  ['doubling a list', `{% set l = [1] %}${'{% set l = l + l %}'.repeat(40)}{{ l|length }}`],
  [
    'doubling a shared list and printing it',
    `{% set l = ["xxxxxxxxxxxxxxxx"] %}${'{% set l = [l, l] %}'.repeat(40)}{{ l }}`,
  ],
  [
    'doubling a shared list and comparing it',
    `{% set l = [1] %}{% set m = [1] %}${'{% set l = [l, l] %}{% set m = [m, m] %}'.repeat(40)}{{ l == m }}`,
  ],
  [
    'doubling a shared list and sorting it',
    `{% set l = [1] %}{% set m = [1] %}${'{% set l = [l, l] %}{% set m = [m, m] %}'.repeat(40)}{{ [l, m]|sort }}`,
  ],
  [
    'doubling a shared list and writing JSON',
    `{% set l = [1] %}${'{% set l = [l, l] %}'.repeat(40)}{{ l|tojson }}`,
  ],
  [
    'doubling a shared list and writing NUON',
    `{% set l = [1] %}${'{% set l = [l, l] %}'.repeat(40)}{{ l|nuon }}`,
  ],
  [
    'doubling a shared list and finding duplicates',
    `{% set l = [1] %}${'{% set l = [l, l] %}'.repeat(40)}{{ [l, l]|unique }}`,
  ],
  ['a value nested too deep', `{% set l = [1] %}${'{% set l = [l] %}'.repeat(2000)}{{ l }}`],
  ['nested ranges', '{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}'],
  ['a range of everything', '{{ range(10 ** 15)|length }}'],
  ['a range with a small step', '{{ range(0, 10 ** 12, 3)|sum }}'],
  ['output without end', '{% for a in range(1000000) %}{{ s }}{% endfor %}'],
  [
    'captures without end',
    `${'{% set c %}'.repeat(20)}{% for a in range(1000000) %}{{ s }}{% endfor %}${'{% endset %}'.repeat(20)}`,
  ],
  ['a repeated string', '{{ "ab" * 10 ** 12 }}'],
  ['a replacement that grows', '{{ hay|replace("a", hay) }}'],
  ['a join that grows', '{{ items|map("replace", "1", s)|join(hay) }}'],
  ['an indent that grows', '{{ ("\n" * 100000)|indent(1000000, blank=true) }}'],
  ['a power', '{{ 9 ** (9 ** 9) }}'],
  ['a tower of squares', `{% set n = 2 ** 4000 %}${'{% set n = n * n %}'.repeat(30)}{{ n }}`],
  ['a batch of fillers', '{{ [1]|batch(10 ** 12, 0) }}'],
  ['columns of nothing', '{{ [1]|slice(10 ** 12) }}'],
  ['a quadratic search', '{{ needle in hay }}'],
  ['a quadratic replacement', '{{ hay|replace(needle, "") }}'],
  ['a quadratic split', '{{ hay|split(needle)|length }}'],
  ['a long search again and again', '{% for a in range(1000000) %}{{ s in hay }}{% endfor %}'],
  [
    'sorting again and again',
    '{% for a in range(1000000) %}{% if items|sort|length == 0 %}{% endif %}{% endfor %}',
  ],
  ['an include of itself', '{% include "self.j2" %}'],
];

const files = { '/templates/self.j2': '{% include "self.j2" %}' };

test('every attack ends in a budget, and the next render works', async (t) => {
  const engine = engineWithFiles(files, {}, systemClock);
  for (const [name, template] of attacks) {
    await t.test(name, async () => {
      assert.match(await outcomeOf(engine, template, context), /^template_budget: /);
      assert.equal(await outcomeOf(engine, '{{ items|length }}', context), '1000');
    });
  }
});

/** Nesting in the text itself is refused when it is read. */
const nested: readonly (readonly [name: string, template: string])[] = [
  ['parentheses', `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`],
  ['lists', `{{ ${'['.repeat(100_000)}${']'.repeat(100_000)} }}`],
  ['signs', `{{ ${'-'.repeat(100_000)}1 }}`],
  ['nots', `{{ ${'not '.repeat(100_000)}1 }}`],
  ['a sum', `{{ 1${' + 1'.repeat(100_000)} }}`],
  ['a chain of filters', `{{ 1${'|abs'.repeat(100_000)} }}`],
  ['a path', `{{ a${'.a'.repeat(100_000)} }}`],
  ['conditions', `{{ 1${' if 1 else 1'.repeat(100_000)} }}`],
  ['blocks', `${'{% if 1 %}'.repeat(100_000)}${'{% endif %}'.repeat(100_000)}`],
  ['loops', `${'{% for a in b %}'.repeat(100_000)}${'{% endfor %}'.repeat(100_000)}`],
];

for (const [name, template] of nested) {
  test(`nested ${name} are refused`, async () => {
    assert.match(await outcomeOf(engineWithFiles(), template, {}), /^template_invalid: .*nested too deep/);
  });
}

/** What must not double the work with each level when it is compiled: it would never end. */
const levels: readonly (readonly [name: string, open: string, close: string, outcome: RegExp])[] = [
  ['fields of filters', '(', '|first).a', /^template_failed/],
  ['indexes of filters', '(', '|first)[0]', /^x$/],
  ['chained comparisons', '1 < (', ') < 2', /^template_failed|^(true|false)$/],
  ['defaults in defaults', 'nope|default(', ', true)', /^x$/],
  ['defaults of defaults', '(', '|default(1)).a|default(2)', /^2$/],
  ['conditions in conditions', '(x if ', ' else x)', /^x$/],
  ['tests of tests', '(', ') is defined', /^true$/],
];

for (const [name, open, close, outcome] of levels) {
  test(`forty levels of ${name} cost forty times one`, async () => {
    const template = `{{ ${open.repeat(40)}x${close.repeat(40)} }}`;
    assert.match(await outcomeOf(engineWithFiles(), template, { x: 'x' }), outcome);
  });
}

/** Each budget by itself, at its border. */
const borders: readonly (readonly [budgets: Partial<TemplateBudgets>, template: string, outcome: string])[] =
  [
    [{ outputBytes: 4 }, 'äö', 'äö'],
    [{ outputBytes: 4 }, 'äöx', 'template_budget: The template writes too much.'],
    [{ stringBytes: 4 }, '{{ "ä" ~ "ö" }}', 'äö'],
    [{ stringBytes: 4 }, '{{ "ä" ~ "öx" }}', 'template_budget: The template makes a text that is too long.'],
    [{ steps: 50 }, '{% for a in range(10) %}{% endfor %}', ''],
    [
      { steps: 50 },
      '{% for a in range(60) %}{% endfor %}',
      'template_budget: The template takes too many steps.',
    ],
    [{ depth: 3 }, '{{ ((1)) }}', '1'],
    [{ depth: 3 }, '{{ (((1))) }}', 'template_invalid: The expression is nested too deep.'],
    [{ depth: 3 }, '{{ [[1]] }}', '[[1]]'],
  ];

for (const [budgets, template, outcome] of borders) {
  test(`${JSON.stringify(budgets)} on ${template}`, async () => {
    assert.equal(await outcomeOf(engineWithFiles({}, budgets), template, {}), outcome);
  });
}

test('the deadline counts work, not waiting', async () => {
  let time = 0;
  // Each look at the clock costs a millisecond: work is what the engine looks at while it works.
  const engine = engineWithFiles({}, { deadlineMs: 20 }, { now: stillClock.now, monotonic: () => time++ });
  const long = '{% for a in range(1000000) %}{% endfor %}';
  assert.equal(await outcomeOf(engine, long, {}), 'template_budget: The template takes too long.');
  const short = engine.render(
    { text: '{% for a in range(8000) %}{% endfor %}done', name: 't' },
    {},
    { roots: [] },
  );
  time += 1_000_000;
  assert.equal(await short, 'done');
});

/** A clock on which every look takes a millisecond, so that a slice is over after a few. */
function tickingClock(): { now(): number; monotonic(): number } {
  let time = 0;
  return { now: stillClock.now, monotonic: () => time++ };
}

test('a large render lets others run in between', async () => {
  const engine = engineWithFiles({}, { deadlineMs: 1_000_000 }, tickingClock());
  let turns = 0;
  let rendering = true;
  const others = (async () => {
    while (rendering) {
      await new Promise((resume) => setImmediate(resume));
      turns++;
    }
  })();
  const text = await engine.render(
    { text: '{% for a in range(100000) %}x{% endfor %}', name: 't' },
    {},
    { roots: [] },
  );
  rendering = false;
  await others;
  assert.equal(text.length, 100_000);
  assert.ok(turns >= 10, `expected at least 10 turns of the event loop, got ${turns}`);
});

test('a small render is done without giving way', async () => {
  let done = false;
  const rendering = engineWithFiles().render({ text: '{{ 1 }}', name: 't' }, {}, { roots: [] });
  void rendering.then(() => {
    done = true;
  });
  await Promise.resolve();
  await Promise.resolve();
  assert.ok(done);
});

test('a cancelled render stops at the end of its slice', async () => {
  const engine = engineWithFiles({}, { deadlineMs: 1_000_000 }, tickingClock());
  const controller = new AbortController();
  const rendering = engine.render(
    { text: '{% for a in range(1000000) %}{% endfor %}', name: 't' },
    {},
    {
      roots: [],
      signal: controller.signal,
    },
  );
  controller.abort();
  await assert.rejects(rendering, (error) => error instanceof Failure && error.error === 'request_cancelled');
});

test('sites and expressions have budgets too', () => {
  const engine = engineWithFiles({}, {}, systemClock);
  const rows: readonly (readonly [evaluate: (scope: ValueRecord) => Value])[] = [
    [engine.compileExpression('range(10 ** 9)').evaluate],
    [engine.compileSite('{{ s * 10 ** 9 }}').evaluate],
    [engine.compileSite('x{{ s * 4000 }}{{ s * 4000 }}').evaluate],
  ];
  for (const [evaluate] of rows) {
    assert.throws(
      () => evaluate(context),
      (error) => error instanceof Failure && error.error === 'template_budget',
    );
  }
});
