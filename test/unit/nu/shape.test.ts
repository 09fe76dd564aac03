import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseShape, shapeText } from '../../../src/nu/shape.js';

/** The text as Nushell writes it, and how a message says it. */
const rows: readonly [string, string][] = [
  ['any', 'any'],
  ['list<any>', 'list<any>'],
  ['list', 'list<any>'],
  ['record', 'record'],
  ['record<a: int, b: list<string>>', 'record<a: int, b: list<string>>'],
  ['record<b c: int, d: oneof<int, string>>', 'record<b c: int, d: int or string>'],
  ['table<x: int>', 'table<x: int>'],
  ['oneof<int, list<record<a: int>>>', 'int or list<record<a: int>>'],
  ['closure()', 'closure()'],
  [
    'list<record<name: string, at: oneof<duration, datetime>>>',
    'list<record<name: string, at: duration or datetime>>',
  ],
  ['something-new<int>', 'something-new<int>'],
];

test('types are read as Nushell writes them', () => {
  for (const [text, said] of rows) assert.equal(shapeText(parseShape(text)), said);
});
