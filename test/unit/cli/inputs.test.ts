import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyValues } from '../../../src/cli/argument-value.js';
import { inputParams } from '../../../src/cli/workflow-inputs.js';

test('texts and values go apart: the sidecar reads each text as its declared type', () => {
  assert.deepEqual(inputParams({ values: { n: 1 }, texts: { name: '2' } }), {
    inputs: { n: 1 },
    inputsText: { name: '2' },
  });
  assert.deepEqual(inputParams({ values: {}, texts: {} }), {});
});

test('key=value: the first = divides, the last of equal keys counts', () => {
  assert.deepEqual(
    keyValues('--input', ['a=1', 'b=x=y', 'a=', '__proto__=z']),
    Object.fromEntries([
      ['a', ''],
      ['b', 'x=y'],
      ['__proto__', 'z'],
    ]),
  );
  for (const word of ['a', '=x', ''])
    assert.throws(() => keyValues('--input', [word]), { error: 'invalid_params' });
});
