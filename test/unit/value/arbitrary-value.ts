import fc from 'fast-check';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  Float,
  Range,
  type Value,
} from '../../../src/kernel/value/value.js';

const safeInteger = fc.maxSafeInteger().map((value) => value + 0);
const wideInteger = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
const hugeInteger = fc.bigInt({ min: 2n ** 64n, max: 2n ** 200n });
const finite = fc.double({ noDefaultInfinity: true, noNaN: true });
const float = finite.map((value) => (Number.isInteger(value) ? new Float(value) : value));
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }).filter((value) => value === Buffer.from(value).toString()),
  fc.constantFrom(
    '',
    'null',
    'true',
    '1',
    '1.0',
    '-0',
    'nan',
    'inf',
    '5min',
    '3kb',
    '2026-01-02',
    '1..3',
    '$.a',
    '#x',
    'a b',
  ),
);
const key = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'constructor', 'toJSON', 'toString', 'a', 'a-b', '_1', 'if'),
);

/** Values that JSON can say: what comes back from a text is what was written. */
export const jsonValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.constant(null), fc.boolean(), safeInteger, wideInteger, hugeInteger, float, text),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

const date = fc
  .tuple(
    fc.date({ min: new Date('1700-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
    fc.integer({ min: -14, max: 14 }),
  )
  .map(([at, hours]) => {
    const offset = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`;
    return new DateTime(at.toISOString().slice(0, -1).replace('.000', '') + offset);
  });
// Nushell's reader goes through doubles for both.
const quantity = fc.maxSafeInteger().map(BigInt);
const small = fc.integer({ min: -1000, max: 1000 });
const range = fc.oneof(
  fc
    .tuple(small, small, fc.boolean())
    .map(([start, end, inclusive]) => new Range(start, null, end, inclusive)),
  small.map((start) => new Range(start, null, null, true)),
  fc
    .tuple(small, fc.integer({ min: 2, max: 9 }), fc.boolean())
    .map(([start, step, inclusive]) => new Range(start, start + step, start + 100, inclusive)),
);
const cellPath = fc.constantFrom('$.a', '$.a.0.b', '$.a?', '$."a b".c').map((path) => new CellPath(path));
const scalar = fc.oneof(
  fc.oneof(fc.constant(null), fc.boolean(), safeInteger, wideInteger, float, text),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  date,
  quantity.map((nanoseconds) => new Duration(nanoseconds)),
  quantity.map((bytes) => new Filesize(bytes)),
  range,
  cellPath,
  fc.uint8Array({ maxLength: 9 }).map((bytes) => new Uint8Array(bytes)),
);

/** Values of every type that Nushell has. */
export const nushellValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;
