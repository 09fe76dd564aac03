import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { defineRequest } from '../../../protocol/define-method.js';
import { checkParams } from '../../../src/kernel/check-params.js';
import { Failure } from '../../../src/kernel/failure.js';
import { DateTime, Float, type Value } from '../../../src/kernel/value/value.js';

const method = defineRequest({
  name: 'test/method',
  summary: 'A method with every kind of param.',
  params: z.strictObject({
    source: z.string().optional(),
    path: z.string().optional(),
    context: z.record(z.string(), z.unknown()).optional(),
    contextNuon: z.string().optional(),
    limit: z.number().int().min(1).max(100).optional(),
    mode: z.enum(['fast', 'slow']).optional(),
    page: z.strictObject({ offset: z.number().int(), name: z.string().max(3).optional() }).optional(),
    list: z.array(z.number()).optional(),
    when: z.union([z.string(), z.null()]).optional(),
  }),
  oneOf: [
    { fields: ['source', 'path'], required: true },
    { fields: ['context', 'contextNuon'], required: false },
  ],
  result: z.null(),
  example: { params: { source: '' }, result: null },
});

const accepted: readonly Value[] = [
  { source: 'x' },
  { path: 'x', contextNuon: '{}' },
  { source: 'x', context: { d: new DateTime('2026-01-02T03:04:05Z'), big: 2n ** 70n, f: new Float(1) } },
  { source: 'x', context: JSON.parse('{"__proto__":1,"constructor":"x","toString":{}}') },
  { source: 'x', limit: 100, mode: 'fast', page: { offset: 0 }, list: [1, 1.5], when: null },
];

test('params that fit are given as they came', () => {
  for (const params of accepted) assert.equal(checkParams(method, params), params);
});

interface Row {
  readonly params: Value | undefined;
  /** Every issue as `path: expected / got`. */
  readonly issues: readonly string[];
}

const rows: readonly Row[] = [
  { params: undefined, issues: [': exactly one of source, path / none of them'] },
  { params: {}, issues: [': exactly one of source, path / none of them'] },
  { params: { source: 'x', path: 'y' }, issues: [': exactly one of source, path / source and path'] },
  {
    params: { source: 'x', context: {}, contextNuon: '{}' },
    issues: [': at most one of context, contextNuon / context and contextNuon'],
  },
  { params: [1], issues: [': params by name: an object / list'] },
  { params: { source: 7 }, issues: ['source: a string / int 7'] },
  { params: { source: 'x', limit: 0 }, issues: ['limit: a number of at least 1 / int 0'] },
  { params: { source: 'x', limit: 101 }, issues: ['limit: a number of at most 100 / int 101'] },
  { params: { source: 'x', limit: 1.5 }, issues: ['limit: a whole number / float 1.5'] },
  { params: { source: 'x', limit: 'ten' }, issues: ['limit: a number / string "ten"'] },
  { params: { source: 'x', limit: 2n ** 60n }, issues: [`limit: a number / int ${2n ** 60n}`] },
  { params: { source: 'x', mode: 'quick' }, issues: ['mode: "fast" or "slow" / string "quick"'] },
  {
    params: { source: 'x', page: { name: 'long' } },
    issues: ['page.offset: a number / nothing', 'page.name: a length of at most 3 / string "long"'],
  },
  { params: { source: 'x', list: [1, null] }, issues: ['list[1]: a number / null'] },
  { params: { source: 'x', when: true }, issues: ['when: a string or null / bool true'] },
  { params: { source: 'x', context: 'text' }, issues: ['context: a record / string "text"'] },
  { params: { source: 'x', page: { offset: 1, extra: 1 } }, issues: ['page: no other keys / extra'] },
  {
    params: { source: 'x', limitt: 1 },
    issues: [
      ': only source, path, context, contextNuon, limit, mode, page, list, when / limitt; did you mean limit?',
    ],
  },
];

for (const { params, issues } of rows) {
  test(`invalid: ${issues.join(' and ')}`, () => {
    assert.throws(
      () => checkParams(method, params),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.error, 'invalid_params');
        const list: unknown = error.data['issues'];
        assert.ok(Array.isArray(list));
        assert.deepEqual(
          list.map(({ path, expected, got }) => `${path}: ${expected} / ${got}`),
          issues,
        );
        assert.match(error.message, /^The params of test\/method do not fit: .*\.$/);
        return true;
      },
    );
  });
}

test('a whole float is a number where the schema says so, and stays a float where any value may be', () => {
  const params = { source: 'x', limit: new Float(10), list: [new Float(2), 3], context: { f: new Float(1) } };
  assert.deepEqual(checkParams(method, params), {
    source: 'x',
    limit: 10,
    list: [2, 3],
    context: { f: new Float(1) },
  });
  assert.deepEqual(params.limit, new Float(10), 'the params themselves are left alone');
  assert.throws(() => checkParams(method, { source: 'x', limit: new Float(1e300) }), Failure);
});
