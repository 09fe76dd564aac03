import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { displayText } from '../../../src/kernel/value/display.js';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  Float,
  Range,
  type Value,
} from '../../../src/kernel/value/value.js';
import { packageRoot } from '../../../src/package-root.js';
import { instantOf } from '../../../src/template/instant.js';
import { nushellDate } from '../../../src/template/nushell-date.js';

const nu = join(packageRoot(), 'node_modules', '@nushell', 'linux-x64', 'bin', 'nu');

/** Runs Nushell code, which writes a JSON list of texts. */
function textsFromNu(code: string): readonly string[] {
  const args = ['--no-config-file', '--no-std-lib', '-c', code];
  const result = spawnSync(nu, args, { encoding: 'utf8', timeout: 60_000 });
  assert.equal(result.status, 0, `nu: ${result.error?.message ?? result.stderr}`);
  const texts: unknown = JSON.parse(result.stdout);
  assert.ok(Array.isArray(texts));
  return texts.map(String);
}

/** Nushell's literal, and the same value here. */
const rows: readonly (readonly [literal: string, value: Value])[] = [
  ['null', null],
  ['true', true],
  ['"a b"', 'a b'],
  ['42', 42],
  ['-7', -7],
  ['9223372036854775807', 9223372036854775807n],
  ['1.0', new Float(1)],
  ['-0.0', new Float(-0)],
  ['1.5', 1.5],
  ['(0.1 + 0.2)', 0.1 + 0.2],
  ['1e15', new Float(1e15)],
  ['1e21', new Float(1e21)],
  ['1e300', new Float(1e300)],
  ['1.7976931348623157e308', new Float(Number.MAX_VALUE)],
  ['1e-7', 1e-7],
  ['-1.5e-10', -1.5e-10],
  ['5e-324', 5e-324],
  ['123456789012345680000.0', new Float(123456789012345680000)],
  ['(inf)', Number.POSITIVE_INFINITY],
  ['(-inf)', Number.NEGATIVE_INFINITY],
  ['(nan)', Number.NaN],
  ['[1 2 "a b" null 1.0 true]', [1, 2, 'a b', null, new Float(1), true]],
  ['{a: 1, b: "x y", "c d": [1 {e: 2}], e: null}', { a: 1, b: 'x y', 'c d': [1, { e: 2 }], e: null }],
  [
    '[[a b]; [1 2] [3 4]]',
    [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  ],
  ['{}', {}],
  ['[]', []],
  ['["it\'s" "new\nline" ""]', ["it's", 'new\nline', '']],
  ['0sec', new Duration(0n)],
  ['1ns', new Duration(1n)],
  ['1001us', new Duration(1_001_000n)],
  ['1.5sec', new Duration(1_500_000_000n)],
  ['-90sec', new Duration(-90_000_000_000n)],
  ['36hr', new Duration(129_600_000_000_000n)],
  ['400day', new Duration(34_560_000_000_000_000n)],
  ['90061001002003ns', new Duration(90_061_001_002_003n)],
  ['9223372036854775807ns', new Duration(9223372036854775807n)],
  ['0b', new Filesize(0n)],
  ['999b', new Filesize(999n)],
  ['-1b', new Filesize(-1n)],
  ['1kb', new Filesize(1000n)],
  ['1kib', new Filesize(1024n)],
  ['1999b', new Filesize(1999n)],
  ['-1999b', new Filesize(-1999n)],
  ['999999b', new Filesize(999_999n)],
  ['1mib', new Filesize(1_048_576n)],
  ['123456789b', new Filesize(123_456_789n)],
  ['1.5gb', new Filesize(1_500_000_000n)],
  ['1000000000000000b', new Filesize(1_000_000_000_000_000n)],
  ['9223372036854775807b', new Filesize(9223372036854775807n)],
  ['0x[01 ff]', Uint8Array.of(1, 255)],
  ['0x[]', new Uint8Array()],
  ['1..3', new Range(1, null, 3, true)],
  ['1..<3', new Range(1, null, 3, false)],
  ['0..2..10', new Range(0, 2, 10, true)],
  ['0..-1..-5', new Range(0, -1, -5, true)],
  ['5..1', new Range(5, null, 1, true)],
  ['5..', new Range(5, null, null, true)],
  ['1.0..2.5', new Range(new Float(1), null, 2.5, true)],
  ['0..0.5..2', new Range(0, 0.5, 2, true)],
  ['1..<2.5', new Range(1, null, 2.5, false)],
  ['[(1..3)]', [new Range(1, null, 3, true)]],
  ['$.a.0.b', new CellPath('$.a.0.b')],
  ['$.a?.b', new CellPath('$.a?.b')],
  ['[1sec 1kb 0x[01]]', [new Duration(1_000_000_000n), new Filesize(1000n), Uint8Array.of(1)]],
];

test('every value prints as in the string interpolation of the real nu', () => {
  const code = `[${rows.map(([literal]) => `$"(${literal})"`).join(' ')}] | to json`;
  const wanted = textsFromNu(code);
  assert.equal(wanted.length, rows.length);
  for (const [index, [literal, value]] of rows.entries())
    assert.equal(displayText(value), wanted[index], literal);
});

test('a date prints as its RFC 3339 text, wherever it is', () => {
  const date = new DateTime('2026-01-02T03:04:05.000000001+01:00');
  assert.equal(displayText(date), date.rfc3339);
  assert.equal(displayText([{ at: date }]), `[{at: ${date.rfc3339}}]`);
});

test('keys that mean something to JavaScript are data', () => {
  const record: Value = JSON.parse('{"__proto__": 1, "constructor": {"x": 2}}');
  assert.equal(displayText(record), '{__proto__: 1, constructor: {x: 2}}');
});

/** Seconds from now, around every step of Nushell's rough words. */
const distances = [
  0, -5, 11, 20, 44, 46, 89, 95, 2_690, 2_710, 5_390, 5_410, 79_100, 79_300, 129_500, 129_700, 561_500,
  561_700, 907_100, 907_300, 2_505_500, 2_505_700, 3_887_900, 3_888_100, 8_640_000, 29_807_900, 29_808_100,
  47_260_700, 47_260_900, 99_999_999,
].flatMap((seconds) => [seconds, -seconds]);

test('the filter nu writes dates as nu does, distance included', () => {
  // Nushell rounds to seconds and reads the clock again when it prints: 450 ms more leave it most of a second for that.
  const code = `let now = (date now); [${distances
    .map((seconds) => `$"($now + (${seconds * 1000 + 450}ms))"`)
    .join(' ')}] | to json`;
  const wanted = textsFromNu(code);
  for (const [index, seconds] of distances.entries()) {
    const now = Date.UTC(2026, 10, 24, 8);
    const at = new DateTime(new Date(now + seconds * 1000).toISOString());
    const inBrackets = /\((.*)\)$/.exec(wanted[index] ?? '')?.[1];
    assert.match(nushellDate(instantOf(at), now), /^\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d \+0000 \(/);
    assert.equal(/\((.*)\)$/.exec(nushellDate(instantOf(at), now))?.[1], inBrackets, `${seconds} s from now`);
  }
});

test('the fixed part of a date is the one of nu', () => {
  const dates = ['2026-01-02T03:04:05+01:00', '1999-12-31T23:59:59.999-11:30', '2024-02-29T00:00:00Z'];
  const wanted = textsFromNu(`[${dates.map((date) => `$"(${date})"`).join(' ')}] | to json`);
  const ours = dates.map((date) => nushellDate(instantOf(new DateTime(date)), undefined));
  assert.deepEqual(
    ours,
    wanted.map((text) => text.replace(/ \(.*\)$/, '')),
  );
});
