import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../../src/kernel/failure.js';
import { parseJson, stringifyJson } from '../../../src/kernel/value/json.js';
import { jsonDepthExceeds } from '../../../src/kernel/value/json-scan.js';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  Float,
  Range,
  type Value,
} from '../../../src/kernel/value/value.js';
import { jsonValue } from './arbitrary-value.js';
import { nu, nushells } from './nushell.js';

function check(text: string, value: Value): void {
  test(`parses ${text.slice(0, 40)}`, () => {
    assert.deepStrictEqual(parseJson(text), value);
  });
}

check('0', 0);
check('-0', 0);
check('1.0', new Float(1));
check('-0.0', new Float(-0));
check('1e2', new Float(100));
check('1E+2', new Float(100));
check('1.5', 1.5);
check('0.1e1', new Float(1));
check('9007199254740991', 9007199254740991);
check('9007199254740993', 9007199254740993n);
check('-9223372036854775808', -9223372036854775808n);
check('123456789012345678901234567890', 123456789012345678901234567890n);
check('[1, 2.0, {"a": 3.0}]', [1, new Float(2), { a: new Float(3) }]);
check('{"a": 1, "a": 2.0}', { a: new Float(2) });
check('"1.0 and 99999999999999999999"', '1.0 and 99999999999999999999');
check('["\\\\", 1.0, "\\"", 2.0]', ['\\', new Float(1), '"', new Float(2)]);
check(' [ true , false , null ] ', [true, false, null]);
check('["\\u0041\\n\\ud83d\\ude00", 1.0]', ['A\n😀', new Float(1)]);
check('[["n1.0"], 1.0, ["n"]]', [['n1.0'], new Float(1), ['n']]);
check('[["\\u006e1.0"], 1.0]', [['n1.0'], new Float(1)]);
check('0.1000000000000000055511151231257827', 0.1);

function refuse(text: string, position: number, expected: RegExp): void {
  test(`refuses ${JSON.stringify(text).slice(0, 40)}`, () => {
    // The same words and place whether a float sends it to the exact reader at once or not.
    for (const source of [text, `${text} `]) {
      assert.throws(
        () => parseJson(source),
        (error: unknown) => {
          assert.ok(error instanceof Failure);
          assert.equal(error.error, 'parse_error');
          assert.equal(error.data['position'], position);
          assert.match(error.message, expected);
          return true;
        },
      );
    }
  });
}

refuse('[1,]', 3, /a value, got "\]", at line 1, column 4/);
refuse('[1.0,]', 5, /a value, got "\]"/);
refuse('{"a" 1}', 5, /":" after the key/);
refuse('{a: 1}', 1, /a key in double quotes, got "a"/);
refuse('[1\n2]', 3, /"," or "\]", got "2", at line 2, column 1/);
refuse('{1.0: 2}', 1, /a key in double quotes, got "1"/);
refuse('[1.0.0]', 4, /"," or "\]"/);
refuse('01', 1, /the end of the text/);
refuse('"a', 0, /closed by a double quote/);
refuse('"\t"', 0, /control characters/);
refuse('tru', 0, /a value, got "tru"/);
refuse('1e400', 0, /range of a 64-bit float, got 1e400/);
refuse('NaN', 0, /a value, got "NaN"/);
refuse('\ufeff1', 0, /a value/);
refuse('1 2', 2, /the end of the text, got "2"/);

test('an empty text is no JSON', () => {
  assert.throws(() => parseJson(''), /Expected a value, got the end of the text/);
});

test('a value beyond the depth is refused before anything recurses', () => {
  assert.equal(jsonDepthExceeds('['.repeat(256), 256), false);
  assert.equal(jsonDepthExceeds('['.repeat(257), 256), true);
  assert.equal(jsonDepthExceeds(`"${'['.repeat(300)}"`, 256), false);
  assert.equal(jsonDepthExceeds('[]'.repeat(300), 256), false);
  assert.throws(
    () => parseJson('[{"a":'.repeat(500_000)),
    (error: unknown) => error instanceof Failure && error.error === 'limit_exceeded',
  );
});

function written(value: Value, text: string): void {
  test(`writes ${text}`, () => {
    assert.equal(stringifyJson(value), text);
  });
}

written(new Float(1), '1.0');
written(new Float(-0), '-0.0');
written(new Float(1e300), '1e+300');
written(12345678901234567890n, '12345678901234567890');
written([Number.NaN, Number.POSITIVE_INFINITY, new Float(Number.NEGATIVE_INFINITY)], '[null,null,null]');
written(new DateTime('2026-01-02T03:04:05+00:00'), '"2026-01-02T03:04:05+00:00"');
written({ a: new Duration(5n), b: new Filesize(6n) }, '{"a":5,"b":6}');
written(new Uint8Array([1, 255]), '[1,255]');
written([new Range(1, null, 3, true), new CellPath('$.a.b')], '["1..3","$.a.b"]');

test('an indent is the same on both paths', () => {
  const plain = { a: [1, { b: [] }], c: {}, d: 'x' };
  const typed = { a: [new Float(1), { b: [] }], c: {}, d: 'x' };
  assert.equal(stringifyJson(typed, 2).replace('1.0', '1'), stringifyJson(plain, 2));
  assert.equal(stringifyJson(plain, 2), JSON.stringify(plain, null, 2));
});

test('what is written is read back, and pollutes nothing', () => {
  fc.assert(
    fc.property(jsonValue, fc.constantFrom(0, 2), (value, indent) => {
      assert.deepStrictEqual(parseJson(stringifyJson(value, indent)), value);
    }),
    { numRuns: 1000 },
  );
  assert.deepEqual(Object.keys(Object.prototype), []);
  const record = parseJson('{"__proto__": 1.0, "b": {"__proto__": {"x": 2.0}}}');
  assert.equal(Object.getPrototypeOf(record), Object.prototype);
  assert.equal(stringifyJson(record), '{"__proto__":1.0,"b":{"__proto__":{"x":2.0}}}');
});

test('without floats and big integers the result is that of JSON.parse', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const native: unknown = JSON.parse(text);
      const ours: unknown = JSON.parse(stringifyJson(parseJson(text)));
      assert.deepStrictEqual(ours, JSON.parse(JSON.stringify(native)));
    }),
    { numRuns: 1000 },
  );
});

test('damaged texts are refused exactly where JSON.parse refuses them', () => {
  const outcome = (parse: () => unknown): string => {
    try {
      parse();
      return 'accepted';
    } catch (error) {
      // JSON.parse makes infinity of a number that is too large.
      if (error instanceof Failure && error.message.includes('range of a 64-bit float'))
        return 'out of range';
      return 'refused';
    }
  };
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '[', '}', '1.0', '\\', '\n', 'e', '-', '0'))
    .map(([text, at, piece]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + piece + text.slice(cut + 1);
    });
  fc.assert(
    fc.property(damaged, (text) => {
      const ours = outcome(() => parseJson(text));
      if (ours !== 'out of range')
        assert.equal(
          ours,
          outcome(() => JSON.parse(text)),
        );
    }),
    { numRuns: 2000 },
  );
});

for (const { version, path } of nushells()) {
  test(`nu ${version} reads what is written`, () => {
    const values = fc.sample(jsonValue, { numRuns: 300, seed: 7 }).map((value) => stringifyJson(value));
    const plain = values.filter((text) => !/\d{19}/.test(text));
    const back = nu(path, 'each {|text| $text | from json | to json -r }', plain);
    assert.ok(Array.isArray(back));
    plain.forEach((text, index) => {
      assert.deepStrictEqual(parseJson(String(back[index])), parseJson(text), text);
    });
  });
}
