import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  Float,
  Range,
  type Value,
} from '../../../src/kernel/value/value.js';
import { convertValue } from '../../../src/nu/convert-value.js';
import { parseShape } from '../../../src/nu/shape.js';

const base = { cwd: '/project', home: '/home/me' };

function convert(type: string, value: Value): Value | { readonly refused: string } {
  const result = convertValue(value, parseShape(type), base);
  return result.ok ? result.value : { refused: `${result.expected}, got ${result.got}` };
}

const taken: readonly [type: string, value: Value, converted: Value][] = [
  ['string', 'x', 'x'],
  ['int', 5, 5],
  ['int', 2n ** 62n, 2n ** 62n],
  ['float', 5, new Float(5)],
  ['float', 1.5, 1.5],
  ['number', new Float(1), new Float(1)],
  ['bool', false, false],
  ['nothing', null, null],
  ['duration', '1hr 30min', new Duration(5_400_000_000_000n)],
  ['duration', 5, new Duration(5n)],
  ['duration', new Duration(1n), new Duration(1n)],
  ['filesize', '1KiB', new Filesize(1024n)],
  ['filesize', 7, new Filesize(7n)],
  ['datetime', '2026-01-02', new DateTime('2026-01-02T00:00:00+00:00')],
  ['binary', [1, 255], Uint8Array.of(1, 255)],
  ['range', '1..3', new Range(1, null, 3, true)],
  ['cell-path', 'a.0', new CellPath('$.a.0')],
  ['cell-path', 0, new CellPath('$.0')],
  ['path', 'x/../y', '/project/y'],
  ['path', '~/x', '/home/me/x'],
  ['directory', '/abs/../x', '/abs/../x'],
  ['glob', '*.nu', '*.nu'],
  ['any', { a: [null] }, { a: [null] }],
  ['list<duration>', ['1s', 2], [new Duration(1_000_000_000n), new Duration(2n)]],
  ['record<size: filesize>', { size: '1b', other: 1 }, { size: new Filesize(1n), other: 1 }],
  ['table<at: duration>', [{ at: '1s' }], [{ at: new Duration(1_000_000_000n) }]],
  ['oneof<duration, string>', '5sec', '5sec'],
  ['oneof<int, duration>', '5sec', new Duration(5_000_000_000n)],
  ['oneof<string, nothing>', null, null],
  ['a-type-of-tomorrow', 'x', 'x'],
];

const refused: readonly [type: string, value: Value, said: string][] = [
  ['string', 5, 'string, got int 5'],
  ['int', '5', 'int, got string "5"'],
  ['int', new Float(5), 'int, got float'],
  ['int', true, 'int, got bool true'],
  ['float', 'x', 'float, got string "x"'],
  ['bool', 'true', 'bool, got string "true"'],
  ['duration', 'soon', 'duration, got string "soon"'],
  ['filesize', true, 'filesize, got bool true'],
  ['datetime', 5, 'datetime, got int 5'],
  ['binary', [256], 'binary, got list'],
  ['path', 5, 'path, got int 5'],
  ['list<int>', 5, 'list<int>, got int 5'],
  ['list<int>', [1, 'x'], 'int, got string "x" at index 1'],
  ['record<a: int>', { b: 1 }, 'record<a: int>, got a record without a'],
  ['record<a: int>', { a: 'x' }, 'int, got string "x" at key a'],
  ['oneof<int, bool>', 'x', 'int or bool, got string "x"'],
  ['closure()', '{|| 1}', 'closure(), got string "{|| 1}"'],
  ['string', null, 'string, got nothing'],
];

test('a value becomes what the parameter takes', () => {
  for (const [type, value, converted] of taken) assert.deepEqual(convert(type, value), converted, type);
});

test('a value of another type is refused, saying what was expected and what came', () => {
  for (const [type, value, said] of refused) assert.deepEqual(convert(type, value), { refused: said }, type);
});

test('a hostile key stays data', () => {
  const hostile: Value = JSON.parse('{"__proto__": {"polluted": 1}, "a": 1}');
  const converted = convert('record<a: int>', hostile);
  assert.ok(Object.hasOwn(Object(converted), '__proto__'));
  assert.equal(Object.getPrototypeOf({}).polluted, undefined);
});
