import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from '../../../protocol/errors.js';
import { Failure } from '../../../src/kernel/failure.js';
import { failureOf, peerErrorOf } from '../../../src/kernel/peer-error.js';

test('a failure crosses the wire and is the same failure again', () => {
  const sent = new Failure('template_failed', 'No x.', {
    got: 'y',
    absent: undefined,
    diagnostics: [{ severity: 'error', code: 'undefined', message: 'No x.', line: 1 }],
    issues: [{ path: 'a', deep: { n: 2n ** 70n } }],
  });
  const error = peerErrorOf(sent);
  assert.equal(error.code, errors.template_failed.code);
  assert.deepEqual(error.data, {
    name: 'template_failed',
    retryable: false,
    advice: errors.template_failed.advice,
    got: 'y',
    diagnostics: [{ severity: 'error', code: 'undefined', message: 'No x.', line: 1 }],
    issues: [{ path: 'a', deep: { n: 2n ** 70n } }],
  });
  const got = failureOf({ ...error });
  assert.equal(got.error, 'template_failed');
  assert.equal(got.message, 'No x.');
  assert.equal(got.data.got, 'y');
});

test("a failure's own advice is better than its row's", () => {
  assert.equal(peerErrorOf(new Failure('not_found', 'No.', { advice: 'Look.' })).data['advice'], 'Look.');
});

test('what is no value becomes its text', () => {
  const { data } = peerErrorOf(new Failure('not_found', 'No.', { cause: new Error('x'), at: Symbol('s') }));
  assert.deepEqual([data['cause'], data['at']], ['Error: x', 'Symbol(s)']);
});

const foreign = [
  { error: { code: -32601, message: 'No.' }, name: 'method_not_found' },
  { error: { code: -1, message: 'No.', data: { name: 'not_found' } }, name: 'not_found' },
  { error: { code: 99, message: 'No.', data: { name: 'constructor' } }, name: 'internal_error' },
  { error: 'text', name: 'internal_error' },
] as const;

for (const { error, name } of foreign) {
  test(`${JSON.stringify(error)} is ${name}`, () => assert.equal(failureOf(error).error, name));
}
