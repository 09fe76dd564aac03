import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt, positionAt } from '../../../src/kernel/excerpt.js';

test('an offset becomes a line and a column of characters', () => {
  const text = 'a\nb😀c\r\nd';
  const rows: readonly (readonly [number, number, number])[] = [
    [0, 1, 1],
    [1, 1, 2],
    [2, 2, 1],
    [3, 2, 2],
    [5, 2, 3],
    [8, 3, 1],
    [99, 3, 2],
    [-1, 1, 1],
  ];
  for (const [offset, line, column] of rows)
    assert.deepEqual(positionAt(text, offset), { line, column }, String(offset));
});

function check(what: string, actual: string, expected: string): void {
  test(what, () => {
    assert.equal(actual, expected);
  });
}

check('carets stand under the place', excerpt('one\ntwo = 3\n', 2, 7, 1), 'two = 3\n      ^');
check('at least one caret, at most to the end of the line', excerpt('abc', 1, 2, 99), 'abc\n ^^');
check('a place behind the line has a caret', excerpt('abc', 1, 4, 1), 'abc\n   ^');
check('tabs keep their width', excerpt('\ta\tb', 1, 4, 1), '\ta\tb\n\t \t^');
check('a carriage return is no part of the line', excerpt('ab\r\ncd', 1, 1, 2), 'ab\n^^');
check(
  'what could steer a terminal is replaced',
  excerpt('a\u001b[2J\u202eb', 1, 1, 1),
  'a\ufffd[2J\ufffdb\n^',
);
check('a line that is not there is empty', excerpt('a', 9, 1, 1), '\n^');

test('a long line is cut around the place', () => {
  const [line = '', carets = ''] = excerpt(`${'a'.repeat(500)}X${'b'.repeat(500)}`, 1, 501, 1).split('\n');
  assert.equal(line.length, 122);
  assert.equal(line[carets.length - 1], 'X');
});
