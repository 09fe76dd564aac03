import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elapsedBetween, elapsedText } from '../../../src/cli/elapsed-text.js';
import { paletteFor } from '../../../src/cli/palette.js';
import { shellWord } from '../../../src/cli/shell-word.js';
import { shortValue } from '../../../src/cli/short-value.js';
import { fitWidth, harmless, padWidth } from '../../../src/cli/terminal-text.js';
import { Duration, Float, type Value } from '../../../src/kernel/value/value.js';

const times = [
  [-5, '0.0s'],
  [0, '0.0s'],
  [440, '0.4s'],
  [59_940, '59.9s'],
  [59_960, '1m 00s'],
  [125_000, '2m 05s'],
  [3_599_999, '1h 00m'],
  [3_720_000, '1h 02m'],
  [90_000_000, '1d 01h'],
] as const;

for (const [milliseconds, expected] of times) {
  test(`${milliseconds} ms is ${expected}`, () => assert.equal(elapsedText(milliseconds), expected));
}

test('the time between two moments, or until now, or none', () => {
  const [start, end] = ['2026-01-02T03:04:05Z', '2026-01-02T03:04:07.5Z'];
  assert.equal(elapsedBetween(start, end, 0), '2.5s');
  assert.equal(elapsedBetween(start, undefined, Date.parse(start) + 1000), '1.0s');
  assert.equal(elapsedBetween(undefined, undefined, 0), '');
});

const unsafe = [
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['the title of the window', '\u001b]0;owned\u0007text', 'text'],
  ['a link', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['cursor and screen', '\u001b[2J\u001b[1;1H\u001bcx', 'x'],
  ['carriage return and bell', 'a\rb\u0007', 'ab'],
  ['a C1 introducer', '\u009b31mx', '31mx'],
  ['a text turned round', 'a\u202eb', 'ab'],
  ['line ends and tabs', 'a\n\tb', 'a\n\tb'],
  ['other scripts', 'Zürich 東京 👩‍🚀', 'Zürich 東京 👩‍🚀'],
] as const;

for (const [name, text, expected] of unsafe) {
  test(`harmless: ${name}`, () => assert.equal(harmless(text), expected));
}

const widths = [
  ['short', 'abc', 5, 'abc'],
  ['exact', 'abcde', 5, 'abcde'],
  ['long', 'abcdef', 5, 'abcd…'],
  ['wide characters', '東京都庁', 5, '東京…'],
  ['a joined emoji stays whole', '👩‍🚀👩‍🚀👩‍🚀', 5, '👩‍🚀👩‍🚀…'],
  ['one column', 'abc', 1, '…'],
  ['none', 'abc', 0, ''],
] as const;

for (const [name, text, columns, expected] of widths) {
  test(`fit to a width: ${name}`, () => assert.equal(fitWidth(text, columns), expected));
}

test('padding counts columns, not characters', () => {
  assert.equal(padWidth('東', 4), '東  ');
  assert.equal(padWidth('abcdef', 4), 'abc…');
});

const values: readonly (readonly [string, Value | undefined, string])[] = [
  ['nothing', null, ''],
  ['absent', undefined, ''],
  ['text', 'two\nlines', 'two lines'],
  ['a record', { a: 1, b: new Float(1) }, '{"a":1,"b":1.0}'],
  ['a duration', new Duration(5n), '5'],
  ['a hostile text', '\u001b[2Jx', 'x'],
  ['a long text', 'x'.repeat(1000), `${'x'.repeat(19)}…`],
];

for (const [name, value, expected] of values) {
  test(`short value: ${name}`, () => assert.equal(shortValue(value, 20), expected));
}

const words = [
  ['r-1', 'r-1'],
  ['/srv/infra', '/srv/infra'],
  ['two words', "'two words'"],
  ['$HOME', "'$HOME'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
] as const;

for (const [word, expected] of words) {
  test(`shell word: ${word}`, () => assert.equal(shellWord(word), expected));
}

const colours = [
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ TERM: 'dumb' }, true, false],
] as const;

for (const [env, isTTY, expected] of colours) {
  test(`colours with ${JSON.stringify(env)} on a ${isTTY ? 'terminal' : 'pipe'}: ${expected}`, () => {
    assert.equal(paletteFor(env, { isTTY }).isColorSupported, expected);
  });
}
