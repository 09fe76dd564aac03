import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDurationText } from '../../../src/kernel/value/duration-text.js';
import { parseSizeText } from '../../../src/kernel/value/size-text.js';

describe('durations of settings, in milliseconds', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['0s', 0],
    ['1m30s500ms', 90_500],
    ['5', undefined],
    ['5 m', undefined],
    ['5 minutes', undefined],
    ['-5s', undefined],
    ['', undefined],
    ['99999999999999999d', undefined],
  ];
  for (const [text, expected] of rows)
    it(JSON.stringify(text), () => assert.equal(parseDurationText(text), expected));
});

describe('sizes of settings, in bytes', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['16MiB', 16_777_216],
    ['500 kB', 500_000],
    ['1.5KiB', 1536],
    ['7b', 7],
    ['1GB', 1_000_000_000],
    ['16', undefined],
    ['16M', undefined],
    ['-1kB', undefined],
    ['much', undefined],
  ];
  for (const [text, expected] of rows)
    it(JSON.stringify(text), () => assert.equal(parseSizeText(text), expected));
});
