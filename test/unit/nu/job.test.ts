import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { DateTime, Duration, Filesize, Float, type Value } from '../../../src/kernel/value/value.js';
import { jobEnd, jobText } from '../../../src/nu/job.js';

const carried: readonly [label: string, values: Value, body: string][] = [
  ['plain data as JSON', { a: [1, 'x\n', null] }, '"values":{"a":[1,"x\\n",null]}'],
  ['exact numbers', [new Float(1), 9223372036854775807n], '"values":[1.0,9223372036854775807]'],
  ['a typed value anywhere makes it NUON', { a: [1, new Duration(5n)] }, '"nuon":"{a: [1, 5ns]}"'],
  ['infinity', [Number.POSITIVE_INFINITY], '"nuon":"[inf]"'],
  ['a date', new DateTime('2026-01-02T00:00:00+00:00'), '"nuon":"2026-01-02T00:00:00+00:00"'],
];

test('a job is one line of JSON and the end mark', () => {
  for (const [label, values, body] of carried) {
    assert.equal(jobText({ result: '/r', values }), `{"result":"/r",${body}}\n${jobEnd}\n`, label);
  }
});

const refused: readonly Value[] = [
  2n ** 63n,
  -(2n ** 63n) - 1n,
  { deep: [new Duration(1n), 2n ** 64n] },
  new Filesize(2n ** 63n),
  'half \ud800 pair',
  { '\udc00': 1 },
];

test('what Nushell cannot hold is refused before it starts', () => {
  for (const values of refused) {
    assert.throws(
      () => jobText({ result: '/r', values }),
      (error) => error instanceof Failure && error.error === 'arguments_invalid',
    );
  }
});
