import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../../src/kernel/failure.js';
import { parseNuon, stringifyNuon } from '../../../src/kernel/value/nuon.js';
import type { Value } from '../../../src/kernel/value/value.js';
import { nushellValue } from './arbitrary-value.js';
import { nu, nushells } from './nushell.js';

// Texts that every supported Nushell reads, grouped by what they are about.
const texts: readonly string[] = [
  ...['null', 'true', 'false', '', '# only a comment', '# c\n1 # d\n', '\r\n[1\r\n2]\r\n'],
  ...[
    '12',
    '-12',
    '+12',
    '-0',
    '0xff',
    '0x_ff',
    '0o17',
    '0b11',
    '1_000',
    '[_1 1_ 1__0 _ __]',
    '9223372036854775807',
  ],
  ...['1.0', '1.', '.5', '-.5', '1e3', '1E+3', '1e-3', '-0.0', '1e400', '1_0.5_0', 'nan', '-inf', 'Infinity'],
  ...['5min', '-5min', '1.5min', '[5ns 5us 5µs 5μs 5ms 5sec 5hr 5day 5wk]', '0.1ns', '1.1hr', '1e3sec'],
  ...['3kb', '3KiB', '-3kb', '1.5MiB', '0.7kib', '[1b 1B 1pb 1eib 0b]', '1.b'],
  ...['2026-01-02', '2026-01-02T03:04:05', '2026-01-02T03:04:05.12Z', '2026-01-02t03:04:05z', '0000-01-01'],
  ...[
    '2026-01-02T03:04:05.1234567891+01:00',
    '[2026-01-02 x]',
    '2026-01-02T03:04:60Z',
    '[03:04:05 2026-1-2]',
  ],
  ...[
    '0x[]',
    '0x[f]',
    '0x[FF 00]',
    '0x[ff,00]',
    '0x[ff # c\n00]',
    '0b[101010101]',
    '0o[377 007]',
    '[0x[ff] 1]',
  ],
  ...[
    '1..3',
    '1..<3',
    '1..=3',
    '1..2..9',
    '1..3..<9',
    '1..',
    '..3',
    '0..<',
    '5..1',
    '1.5..3',
    '9..7..1',
    '0x1..0x3',
  ],
  ...['$.a', '$.a.b?.0', "$.'a b'.c", '[$.a $.b!,$.c]', '{a: $.b.0? c: 1}', '$.'],
  ...[
    '"a\\n\\t\\r\\b\\f\\\\\\/\\"\\\'"',
    '"\\u{1F600}\\u{0}"',
    '"\\$\\(\\{\\#\\~\\^"',
    "'a\\nb'",
    '"a\nb"',
    '""',
  ],
  ...["r#'a'b'#", "r##'a'#b'##", "[r#'a'# b]", '[`a b` ``]', '[`a"b`]'],
  ...[
    '[]',
    '[1 2]',
    '[1,2]',
    '[,1]',
    '[1,,2,]',
    '[1\n2]',
    '[a b-c d.e/f ~/x *]',
    '[a: b]',
    '[a#b c] # d',
    '[é 日本]',
  ],
  ...[
    '[true,TRUE null]',
    '[1-2 1a 5minx 192.168.0.1]',
    '[+ - > <a> @a %a ^a 50% a=b]',
    '[http://x.y/z?a=1&b=2]',
  ],
  ...[
    '{}',
    '{a: 1}',
    '{a:1,b:2}',
    '{a : 1 b: x c: y}',
    '{"a b": 1, \'c\': 2, `d`: 3}',
    '{\n a: 1 # x\n # y\n b: 2\n}',
  ],
  ...['{a.b: 1 a/b: 2 -c: 3}', '{"": 1}', '{__proto__: {x: 1}}', '{a: x#y}', '{"a":"b","c":[1],"d":{}}'],
  ...[
    '[[a b]; [1 2] [3, 4]]',
    '[[a, b]; [1, x],]',
    '[["a b" \'c\']; [1 [2]]]',
    '[ [a]\n;\n[1]]',
    '[[a] [b]]',
    '[[]; []]',
  ],
];

for (const { version, path } of nushells()) {
  test(`reads what nu ${version} reads, as the same values`, () => {
    const canonical = nu(path, 'each {|text| $text | from nuon | to nuon }', texts);
    assert.ok(Array.isArray(canonical));
    texts.forEach((text, index) => {
      assert.deepStrictEqual(parseNuon(text), parseNuon(String(canonical[index])), text);
    });
    const ours = texts.map((text) => stringifyNuon(parseNuon(text)));
    assert.deepStrictEqual(nu(path, 'each {|text| $text | from nuon | to nuon }', ours), canonical);
  });

  test(`nu ${version} reads what is written, and writes what is read`, () => {
    const values = fc.sample(nushellValue, { numRuns: 600, seed: 42 });
    const back = nu(path, 'each {|text| $text | from nuon | to nuon }', values.map(stringifyNuon));
    assert.ok(Array.isArray(back));
    values.forEach((value, index) => {
      assert.deepStrictEqual(parseNuon(String(back[index])), value, stringifyNuon(value));
    });
  });
}

test('what is written is read back', () => {
  fc.assert(
    fc.property(nushellValue, (value) => {
      assert.deepStrictEqual(parseNuon(stringifyNuon(value)), value);
    }),
    { numRuns: 1000 },
  );
  assert.deepEqual(Object.keys(Object.prototype), []);
});

function check(text: string, value: Value): void {
  test(`reads ${text}`, () => {
    assert.deepStrictEqual(parseNuon(text), value);
  });
}

// Where Nushell loses something or differs between versions.
check('9223372036854775808', 9223372036854775808n);
check('0xffffffffffffffff', 0xffffffffffffffffn);
check('{true: 1}', { true: 1 });
check('{1: a}', { '1': 'a' });
check('"\\x41\\0"', 'A\0');

function refuse(text: string, line: number, column: number, words: RegExp): void {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseNuon(text),
      (error: unknown) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.error, 'parse_error');
        assert.deepEqual([error.data['line'], error.data['column']], [line, column]);
        assert.match(error.message, words);
        return true;
      },
    );
  });
}

refuse('hello', 1, 1, /needs quotes, got hello/);
refuse('`a`', 1, 1, /double or single quotes/);
refuse('[1\n', 1, 1, /"\]" to close the list/);
refuse('{a: 1', 1, 1, /"}" to close the record/);
refuse('{a 1}', 1, 4, /":" after the key "a"/);
refuse('{a: 1\n a: 2}', 2, 2, /each key once, got "a"/);
refuse('{a: b:c}', 1, 6, /a space or a comma/);
refuse('{|x| $x}', 1, 2, /closure is code/);
refuse('{a: {|| 1}}', 1, 6, /closure is code/);
refuse('$env', 1, 1, /no variables, got \$env/);
refuse('[$x]', 1, 2, /no variables/);
refuse('(1 + 2)', 1, 1, /a value/);
refuse('"a', 1, 1, /a closing "/);
refuse('"a\\qb"', 1, 3, /an escape such as/);
refuse("r#'a'", 1, 1, /a closing '#/);
refuse('0x[zz]', 1, 4, /bytes in the base that 0x names/);
refuse('[0xg]', 1, 2, /digits of the base that 0x names/);
refuse('[[a b]; [1]]', 1, 9, /a row of 2 cells, got 1 cells/);
refuse('[[a a]; [1 2]]', 1, 5, /each column once/);
refuse('[[1]; [2]]', 1, 3, /a column name, got 1/);
refuse('[[a]; x]', 1, 7, /a row in brackets/);
refuse('[[a];]', 1, 6, /a row after the header/);
refuse('[1;2]', 1, 3, /a value, got ";"/);
refuse('[a|b]', 1, 3, /a space or a comma/);
refuse('["a"b]', 1, 5, /a space or a comma/);
refuse('[1] [2]', 1, 5, /the end of the text after the value/);
refuse('$"a"', 1, 1, /a value/);

test('nesting beyond the depth is refused', () => {
  assert.throws(
    () => parseNuon('[{a: '.repeat(100_000)),
    (error: unknown) => error instanceof Failure && error.error === 'limit_exceeded',
  );
});
