import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringifyJson } from '../../../src/kernel/value/json.js';
import { Float, type Value } from '../../../src/kernel/value/value.js';
import { jsonPieces } from '../../../src/store/json-pieces.js';

const rows = (count: number): Value[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `task-${index}`,
    attempts: index,
    output: new Float(1),
    items: [],
  }));

test('the pieces join up to the JSON of the value', () => {
  const many = rows(5_000);
  const values: readonly Value[] = [
    null,
    [],
    {},
    'text',
    { tasks: many },
    { a: [], b: { c: many, d: {} }, e: null },
    [[many, []], {}],
    Object.fromEntries(many.map((row, index) => [`k"${index}`, row])),
    { tasks: [{ id: 'each', items: many }] },
  ];
  for (const value of values) assert.equal([...jsonPieces(value)].join(''), stringifyJson(value));
  const tree = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(tree, (value) => {
      const plain: Value = JSON.parse(JSON.stringify(value));
      const long = { list: Array.from({ length: 201 }, () => plain) };
      assert.equal([...jsonPieces(long)].join(''), stringifyJson(long));
    }),
    { numRuns: 50 },
  );
});

test('a document of megabytes comes in pieces of bounded size, wherever its long list is', () => {
  for (const value of [{ tasks: rows(20_000) }, { tasks: [{ id: 'each', items: rows(20_000) }] }]) {
    const pieces = [...jsonPieces(value)];
    assert.ok(pieces.length > 10);
    assert.ok(Math.max(...pieces.map((piece) => piece.length)) < 70_000);
  }
});
