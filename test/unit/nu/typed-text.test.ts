import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeText } from '../../../src/kernel/value/range-text.js';
import {
  parseCellPath,
  parseDateTime,
  parseDuration,
  parseFilesize,
  parseRange,
} from '../../../src/nu/typed-text.js';

function check<T, E>(
  parse: (text: string) => T | undefined,
  show: (value: T) => E,
  rows: readonly [string, E | undefined][],
): void {
  for (const [text, expected] of rows) {
    const value = parse(text);
    assert.deepEqual(value === undefined ? undefined : show(value), expected, text);
  }
}

test('durations', () =>
  check(parseDuration, ({ nanoseconds }) => nanoseconds, [
    ['5sec', 5_000_000_000n],
    ['1hr 30min', 5_400_000_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['1.5day', 129_600_000_000_000n],
    ['-2ms', -2_000_000n],
    ['1wk', 604_800_000_000_000n],
    ['7ns', 7n],
    ['3µs', 3_000n],
    ['0.1ns', 0n],
    ['9007199254740993ns', 9007199254740993n],
    ['5', undefined],
    ['sec', undefined],
    ['5 lightyears', undefined],
    ['5constructor', undefined],
    ['', undefined],
  ]));

test('file sizes', () =>
  check(parseFilesize, ({ bytes }) => bytes, [
    ['10kb', 10_000n],
    ['1.5 GiB', 1_610_612_736n],
    ['0b', 0n],
    ['-1MB', -1_000_000n],
    ['10', undefined],
    ['10kb 5b', undefined],
    ['10 parsecs', undefined],
  ]));

test('dates', () =>
  check(parseDateTime, ({ rfc3339 }) => rfc3339, [
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05+00:00'],
    ['2026-01-02T03:04:05.123456789+01:00', '2026-01-02T03:04:05.123456789+01:00'],
    ['2026-01-02', '2026-01-02T00:00:00+00:00'],
    ['2026-01-02 03:04:05', '2026-01-02T03:04:05+00:00'],
    ['2024-02-29', '2024-02-29T00:00:00+00:00'],
    ['2026-02-30', undefined],
    ['2026-13-01', undefined],
    ['yesterday', undefined],
    ['2026-01-02T25:00:00Z', undefined],
  ]));

test('ranges', () =>
  check(parseRange, rangeText, [
    ['1..3', '1..3'],
    ['1..<3', '1..<3'],
    ['1..=3', '1..3'],
    ['0..2..10', '0..2..10'],
    ['5..', '5..'],
    ['-1..1', '-1..1'],
    ['1.5..2.0', '1.5..2.0'],
    ['1..<', undefined],
    ['a..b', undefined],
    ['7', undefined],
  ]));

test('cell paths', () =>
  check(parseCellPath, ({ text }) => text, [
    ['servers.0.name', '$.servers.0.name'],
    ['$.a.b?', '$.a.b?'],
    ['"a b".c', '$."a b".c'],
    ['a b', undefined],
    ['a..b', undefined],
    ['(ls)', undefined],
    ['', undefined],
  ]));
