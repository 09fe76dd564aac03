import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type DocumentFormat,
  type DocumentPath,
  documentFormat,
  parseDocument,
} from '../../../src/document/document.js';
import { Failure } from '../../../src/kernel/failure.js';
import { DateTime, Duration, Float, type Value } from '../../../src/kernel/value/value.js';

/** The same document in every format. `task[1].retry.initial` is what the tests look for. */
const texts: Readonly<Record<DocumentFormat, string>> = {
  toml: [
    'name = "démo"',
    '[[task]]',
    'id = "a"',
    '[[task]]',
    'id = "b"',
    'args = ["x", "{{ y }}"]',
    '[task.retry]',
    'initial = "1s"',
  ].join('\n'),
  json: [
    '{',
    '  // a comment',
    '  "name": "démo",',
    '  "task": [',
    '    {"id": "a"},',
    '    {"id": "b", "args": ["x", "{{ y }}"],',
    '     "retry": {"initial": "1s"}}',
    '  ],',
    '}',
  ].join('\n'),
  yaml: [
    'name: démo',
    'task:',
    '  - id: a',
    '  - id: b',
    "    args: [x, '{{ y }}']",
    '    retry:',
    '      initial: 1s',
  ].join('\n'),
  nuon: [
    '{name: "démo", task: [',
    "  {id: a}, {id: b, args: [x '{{ y }}']",
    '   retry: {initial: "1s"}}',
    ']}',
  ].join('\n'),
};
const value: Value = {
  name: 'démo',
  task: [{ id: 'a' }, { id: 'b', args: ['x', '{{ y }}'], retry: { initial: '1s' } }],
};

/** What stands at a place, taken from the text by line and column. */
function marked(
  text: string,
  { line, column, length }: { line: number; column: number; length: number },
): string {
  return Array.from(text.split('\n')[line - 1] ?? '')
    .slice(column - 1, column - 1 + length)
    .join('');
}

for (const format of ['toml', 'json', 'yaml', 'nuon'] as const) {
  const text = texts[format];
  const document = parseDocument(text, format, `/p/flow.${format}`);

  test(`${format}: the value`, () => {
    assert.deepStrictEqual(document.value, value);
    assert.deepEqual([document.path, document.format, document.text], [`/p/flow.${format}`, format, text]);
  });

  const place = (path: DocumentPath, which: 'key' | 'value', words: RegExp): void => {
    test(`${format}: the ${which} of ${path.join('.')}`, () => {
      assert.match(marked(text, document.place(path, which)), words);
    });
  };
  place(['name'], 'key', /^"?name"?$/);
  place(['name'], 'value', /^"?démo"?$/);
  place(['task', 1, 'id'], 'value', /^"?b"?$/);
  place(['task', 1, 'args', 1], 'value', /^["']\{\{ y \}\}["']$/);
  place(['task', 1, 'retry'], 'key', /^"?retry"?$/);
  place(['task', 1, 'retry', 'initial'], 'key', /^"?initial"?$/);
  place(['task', 1, 'retry', 'initial'], 'value', /^"?1s"?$/);
  // What is not there stands where its nearest ancestor is named.
  place(['task', 1, 'retry', 'attempts'], 'value', /^"?retry"?$/);
  place(['task', 1, 'retry', 'a', 'b', 3], 'key', /^"?retry"?$/);

  test(`${format}: a place inside a string`, () => {
    assert.equal(marked(text, document.placeInString(['task', 1, 'args', 1], 3, 1)), 'y');
    assert.equal(marked(text, document.placeInString(['name'], 1, 3)), 'émo');
  });

  test(`${format}: a diagnostic names file, place and key`, () => {
    const found = document.diagnostic(['task', 1, 'retry', 'initial'], {
      code: 'bad-duration',
      message: 'Not a duration',
      expected: 'a duration such as 1s',
      which: 'value',
      inString: { offset: 1, length: 1 },
    });
    assert.equal(
      marked(text, { line: found.line ?? 0, column: found.column ?? 0, length: found.length ?? 0 }),
      's',
    );
    assert.equal(found.key, 'task[1].retry.initial');
    assert.equal(found.path, `/p/flow.${format}`);
    assert.equal(found.severity, 'error');
    assert.match(found.excerpt ?? '', /1s.*\n *\^$/);
  });
}

test('a path of TOML tables, arrays and dotted keys is found in all its forms', () => {
  const text =
    'a.b = {c = 1, d.e = [1, {x = 2}]}\n[[t]]\n[t.sub]\ny = 1\n[[t.sub.list]]\nz = 1\n[q."r s"]\nv = 1';
  const document = parseDocument(text, 'toml', null);
  const rows: readonly (readonly [DocumentPath, number, string])[] = [
    [['a', 'b', 'd', 'e', 1, 'x'], 1, '2'],
    [['t', 0, 'sub', 'y'], 4, '1'],
    [['t', 0, 'sub', 'list', 0, 'z'], 6, '1'],
    [['q', 'r s', 'v'], 8, '1'],
  ];
  for (const [path, line, words] of rows) {
    const place = document.place(path);
    assert.deepEqual([place.line, marked(text, place)], [line, words], path.join('.'));
  }
});

test('an offset after an escape falls back to the whole string', () => {
  const document = parseDocument('a = "x\\ty {{ z }}"', 'toml', null);
  assert.deepEqual(document.placeInString(['a'], 0, 1), { line: 1, column: 6, length: 1 });
  assert.deepEqual(document.placeInString(['a'], 7, 1), { line: 1, column: 5, length: 14 });
});

test('an offset in a string of several lines that is written as it is', () => {
  const document = parseDocument('a = """\nfirst\n{{ z }}"""', 'toml', null);
  assert.deepEqual(document.placeInString(['a'], 9, 1), { line: 3, column: 4, length: 1 });
});

test('places count characters, not UTF-16 units, and ignore a byte order mark', () => {
  const document = parseDocument('\ufeffa = "😀😀{{ x }}"', 'toml', null);
  assert.deepEqual(document.placeInString(['a'], 7, 1), { line: 1, column: 11, length: 1 });
});

test('several YAML documents are a list, with places', () => {
  const document = parseDocument('---\na: 1\n---\nb: 2\n', 'yaml', null);
  assert.deepStrictEqual(document.value, [{ a: 1 }, { b: 2 }]);
  assert.deepEqual(document.place([1, 'b']), { line: 4, column: 4, length: 1 });
});

test('typed values keep their types, and a local date stays what was written', () => {
  const toml =
    'at = 2026-01-02 03:04:05.123456789-07:00\nday = 2026-01-02\nlocal = 2026-01-02T03:04:05\ntime = 03:04:05\nf = 1.0\nbig = 9007199254740993\n';
  assert.deepStrictEqual(parseDocument(toml, 'toml', null).value, {
    at: new DateTime('2026-01-02T03:04:05.123456789-07:00'),
    day: '2026-01-02',
    local: '2026-01-02T03:04:05',
    time: '03:04:05',
    f: new Float(1),
    big: 9007199254740993n,
  });
  assert.deepStrictEqual(parseDocument('{a: 5min}', 'nuon', null).value, {
    a: new Duration(300_000_000_000n),
  });
});

function refuse(format: DocumentFormat, text: string, line: number, column: number, words: RegExp): void {
  test(`${format}: refuses ${JSON.stringify(text).slice(0, 40)}`, () => {
    assert.throws(
      () => parseDocument(text, format, '/p/a'),
      (failure: unknown) => {
        assert.ok(failure instanceof Failure, String(failure));
        assert.equal(failure.error, 'invalid_document');
        const [first] = failure.data.diagnostics ?? [];
        assert.deepEqual([first?.path, first?.line, first?.column], ['/p/a', line, column]);
        assert.match(first?.message ?? '', words);
        assert.match(first?.excerpt ?? '', /\^/);
        assert.match(failure.message, /in \/p\/a, line \d+, column \d+/);
        return true;
      },
    );
  });
}

refuse('toml', 'a = 1\nb = \n', 2, 5, /Invalid value/);
refuse('toml', 'a = 2026-13-45', 1, 14, /invalid date/);
refuse('json', '{"a": 1,, "b": 2}', 1, 9, /Property name expected/);
refuse('json', '{"a": 1e999}', 1, 7, /range of a 64-bit float/);
refuse('json', '', 1, 1, /Value expected/);
refuse('yaml', 'a:\n\t- 1', 2, 1, /Tabs are not allowed/);
refuse('yaml', 'a: "x', 1, 6, /closing/);
refuse('nuon', '{a: [1 2}', 1, 9, /a value, got/);

test('of thousands of syntax errors only the first are reported', () => {
  assert.throws(
    () => parseDocument(`[${','.repeat(5000)}`, 'json', null),
    (failure: unknown) => failure instanceof Failure && failure.data.diagnostics?.length === 20,
  );
});

test('the format follows the extension', () => {
  const rows = {
    '/a.toml': 'toml',
    '/a.b.JSON': 'json',
    '/a.jsonc': 'json',
    '/a.yml': 'yaml',
    '/a.yaml': 'yaml',
    '/a.nuon': 'nuon',
  };
  for (const [path, format] of Object.entries(rows)) assert.equal(documentFormat(path), format);
  for (const path of ['/a', '/toml', '/a.txt', '/a.toml/b']) assert.equal(documentFormat(path), null);
});
