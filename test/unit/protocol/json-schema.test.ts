import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { defineRequest } from '../../../protocol/define-method.js';
import { paramsSchema, resultSchema, schemasDocument } from '../../../protocol/json-schema.js';
import { runGet } from '../../../protocol/run.js';
import { typeText } from '../../../protocol/type-text.js';

const method = defineRequest({
  name: 'test/method',
  summary: 'Tests.',
  params: z.strictObject({ a: z.string().optional(), b: z.string().optional(), c: z.string().optional() }),
  oneOf: [
    { fields: ['a', 'b'], required: true },
    { fields: ['b', 'c'], required: false },
  ],
  result: z.null(),
  example: { params: { a: '' }, result: null },
});

test('exclusive fields become rules of the schema', () => {
  const [exactly, atMost] = paramsSchema(method).allOf ?? [];
  assert.deepEqual(exactly, { oneOf: [{ required: ['a'] }, { required: ['b'] }] });
  assert.deepEqual(atMost, {
    oneOf: [
      { required: ['b'] },
      { required: ['c'] },
      { not: { anyOf: [{ required: ['b'] }, { required: ['c'] }] } },
    ],
  });
});

test('named shapes are references, without the old id keyword', () => {
  const text = JSON.stringify(resultSchema(runGet.result));
  assert.match(text, /"\$ref":"#\/\$defs\/Task"/);
  assert.doesNotMatch(text, /"id":"(Run|Task|Item|TaskError)"/);
});

test('the document names every method and error', () => {
  const document: unknown = JSON.parse(schemasDocument([method]));
  assert.ok(
    typeof document === 'object' && document !== null && 'methods' in document && 'errors' in document,
  );
  assert.deepEqual(Object.keys(Object(document.methods)), ['test/method']);
});

const types: readonly (readonly [z.ZodType, string])[] = [
  [z.string(), 'string'],
  [z.iso.datetime(), 'time'],
  [z.number().int(), 'integer'],
  [z.boolean().nullable(), 'boolean or null'],
  [z.union([z.string(), z.number()]), 'string or number'],
  [z.enum(['a', 'b']), '`"a"` or `"b"`'],
  [z.literal(true), '`true`'],
  [z.array(z.array(z.string())), 'list of list of string'],
  [z.record(z.string(), z.string()), 'record of string'],
  [z.record(z.string(), z.unknown()), 'record'],
  [z.strictObject({ a: z.string(), b: z.string().optional() }), '{a, b?}'],
  [z.looseObject({}), 'record'],
  [z.unknown(), 'any value'],
];

for (const [schema, text] of types) {
  test(`a type reads ${text}`, () => assert.equal(typeText(resultSchema(schema)), text));
}
