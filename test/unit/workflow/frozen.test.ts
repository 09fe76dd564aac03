import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson, stringifyJson } from '../../../src/kernel/value/json.js';
import { DateTime, Duration, Float, type Value } from '../../../src/kernel/value/value.js';
import { frozen, isPlain } from '../../../src/workflow/frozen.js';

const rows: readonly (readonly [value: Value, plain: boolean])[] = [
  [null, true],
  [1.5, true],
  [2n ** 60n, true],
  [new Float(1), true],
  [{ a: [1, 'x', { b: false }] }, true],
  [Number.NaN, false],
  [{ a: [Number.POSITIVE_INFINITY] }, false],
  [new Duration(5n), false],
  [[new DateTime('2026-01-02T03:04:05+00:00')], false],
  [Uint8Array.of(1, 2), false],
];

for (const [index, [value, plain]] of rows.entries()) {
  test(`value ${index} is frozen as the disk gives it back`, () => {
    assert.equal(isPlain(value), plain);
    assert.deepEqual(frozen(value), parseJson(stringifyJson(value)));
    if (plain) assert.equal(frozen(value), value, 'what is plain already is not copied');
  });
}
