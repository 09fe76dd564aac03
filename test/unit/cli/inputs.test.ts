import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyValues } from '../../../src/cli/argument-value.js';
import { inputParams, inputValue } from '../../../src/cli/workflow-inputs.js';
import type { Client } from '../../../src/client/open-client.js';
import { Failure } from '../../../src/kernel/failure.js';
import { Float, type Value } from '../../../src/kernel/value/value.js';

const rows: readonly (readonly [string, string | undefined, Value])[] = [
  ['3', 'int', 3],
  ['9223372036854775807', 'int', 9223372036854775807n],
  ['abc', 'float', 'abc'],
  ['1.0', 'float', new Float(1)],
  ['true', 'bool', true],
  ['true', 'string', 'true'],
  ['007', 'string', '007'],
  ['5m', 'duration', '5m'],
  ['["a", "b"]', 'list', ['a', 'b']],
  ['[a b]', 'list', ['a', 'b']],
  ['{a: 1}', 'record', { a: 1 }],
  ['[a', 'list', '[a'],
  ['3', 'any', '3'],
  ['3', undefined, '3'],
];

for (const [text, type, expected] of rows) {
  test(`--input x=${text} for ${type ?? 'an undeclared input'}`, () => {
    assert.deepEqual(inputValue(text, type), expected);
  });
}

/** A client that loads one workflow file, or fails to. */
function loading(value: Value | Failure): Client {
  const call = async () => {
    if (value instanceof Failure) throw value;
    return { value, format: 'toml' };
  };
  return {
    call,
    request: call as never,
    onNotification: () => () => true,
    lost: async () => {},
    close: async () => {},
  };
}

const declared = { inputs: { n: { type: 'int' }, name: { type: 'string' } } };

test('texts are read as the file declares, and win over values', async () => {
  const given = { values: { n: 1, other: [1] }, texts: { n: '2', name: '2' } };
  assert.deepEqual(await inputParams(loading(declared), '/p/flow.toml', given), {
    inputs: { n: 2, other: [1], name: '2' },
  });
});

test('of a file that cannot be read texts stay texts: the request itself tells what is wrong', async () => {
  const given = { values: {}, texts: { n: '2' } };
  const broken = loading(new Failure('invalid_document', 'x'));
  assert.deepEqual(await inputParams(broken, '/p/flow.toml', given), { inputs: { n: '2' } });
  assert.deepEqual(await inputParams(loading([1]), '/p/flow.toml', given), { inputs: { n: '2' } });
});

test('without inputs nothing is asked and nothing sent', async () => {
  assert.deepEqual(await inputParams(loading(declared), '/p/flow.toml', { values: {}, texts: {} }), {});
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
