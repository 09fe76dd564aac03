import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nushellDurationText, parseNushellDuration } from '../../../src/kernel/value/nushell-duration.js';

describe('durations in the words of workflow files and of Nushell', () => {
  const rows: readonly (readonly [string, bigint | undefined])[] = [
    ['5m', 300_000_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['5min 3sec', 303_000_000_000n],
    ['1wk', 604_800_000_000_000n],
    ['3µs', 3_000n],
    ['3us 1ns', 3_001n],
    ['-2hr', -7_200_000_000_000n],
    ['5', undefined],
    ['5 min', 300_000_000_000n],
    ['1.5h', 5_400_000_000_000n],
    ['0.1ns', 0n],
    ['5 lightyears', undefined],
    ['5constructor', undefined],
    ['5m  3s', 303_000_000_000n],
    ['', undefined],
  ];
  for (const [text, expected] of rows)
    it(JSON.stringify(text), () => assert.equal(parseNushellDuration(text), expected));

  it('is read back from its text, whatever it is', () => {
    const nanoseconds = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n });
    fc.assert(
      fc.property(nanoseconds, (ns) => assert.equal(parseNushellDuration(nushellDurationText(ns)), ns)),
    );
  });
});
