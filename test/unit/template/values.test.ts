import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { parseNuon, stringifyNuon } from '../../../src/kernel/value/nuon.js';
import { isRecord } from '../../../src/kernel/value/value.js';
import { engineWithFiles } from './engine-with-files.js';

const scope = parseNuon(`{
  int: 7, big: 9007199254740993, huge: 9223372036854775807, float: 2.5, whole: 2.0, negative: -7,
  text: "text", empty: "", yes: true, no: false, nothing: null,
  sec: 90sec, day: 1day, size: 1500b, kb: 1kb,
  date: 2026-01-02T03:04:05+01:00, same: 2026-01-02T02:04:05+00:00, later: 2026-01-03T03:04:05+01:00,
  range: 1..3, open: 5.., falling: 3..1, halves: 0.0..0.5..1.0, half_open: 1..<3,
  list: [1 2 3], nested: [[1] [2]], record: {a: 1, "b c": {d: [10 20]}, "0": zero}, bytes: 0x[0a ff], path: $.a.b
}`);
assert.ok(isRecord(scope));

/** An expression, and its value in NUON, so that the type shows; or `name: message`. */
const rows: readonly (readonly [expression: string, value: string])[] = [
  // Integers are exact at any size.
  ['9007199254740992 + 1', '9007199254740993'],
  ['big - 1', '9007199254740992'],
  ['big * 1 == 9007199254740993', 'true'],
  ['huge + 1', '9223372036854775808'],
  ['huge * huge // huge', '9223372036854775807'],
  ['huge % 10', '7'],
  ['-huge', '-9223372036854775807'],
  ['94906267 * 94906267', '9007199515875289'],
  ['2 ** 63', '9223372036854775808'],
  ['(-2) ** 3', '-8'],
  ['2 ** -1', '0.5'],
  ['0xff + 0b11 + 0o17 + 1_000', '1273'],
  // Division gives a float, rounding down gives an int.
  ['7 / 2', '3.5'],
  ['4 / 2', '2.0'],
  ['7 // 2', '3'],
  ['negative // 2', '-4'],
  ['negative % 3', '2'],
  ['7 % -3', '-2'],
  ['7.5 // 2', '3.0'],
  ['-7.5 % 2', '0.5'],
  ['1 / 0', 'template_failed: Division by zero.'],
  ['1 % 0', 'template_failed: Division by zero.'],
  ['1.0 // 0', 'template_failed: Division by zero.'],
  // A float stays a float.
  ['whole', '2.0'],
  ['whole + 1', '3.0'],
  ['float * 2', '5.0'],
  ['-whole', '-2.0'],
  ['+whole', '2.0'],
  ['0 * -1', '0'],
  ['1e3', '1000.0'],
  ['int + float', '9.5'],
  ['int == 7.0 and big != 9007199254740992.0', 'true'],
  ['0.1 + 0.2 == 0.3', 'false'],
  // Durations, filesizes, dates.
  ['sec + sec', '3min'],
  ['day - sec', '23hr 58min 30sec'],
  ['sec * 2', '3min'],
  ['2 * sec', '3min'],
  ['sec * 0.5', '45sec'],
  ['sec / 2', '45sec'],
  ['sec / 0.5', '3min'],
  ['day / sec', '960.0'],
  ['day // sec', '960'],
  ['day % (sec * 7)', '1min 30sec'],
  ['-sec', '-1min 30sec'],
  ['size + kb', '2500b'],
  ['size - kb * 2', '-500b'],
  ['size / kb', '1.5'],
  ['date + day == later', 'true'],
  ['day + date == later', 'true'],
  ['later - date', '1day'],
  ['date - day', '2026-01-01T03:04:05+01:00'],
  ['date + sec', '2026-01-02T03:05:35+01:00'],
  ['date == same', 'true'],
  ['date < later and later >= same and sec < day and kb < size', 'true'],
  ['date + date', 'template_failed: The operator `+` does not work on datetime and datetime.'],
  ['day - date', 'template_failed: The operator `-` does not work on duration and datetime.'],
  ['sec + 1', 'template_failed: The operator `+` does not work on duration and int.'],
  ['sec + size', 'template_failed: The operator `+` does not work on duration and filesize.'],
  ['2 / sec', 'template_failed: The operator `/` does not work on int and duration.'],
  ['sec < size', 'template_failed: Cannot compare duration with filesize.'],
  ['sec == 90000000000', 'false'],
  // Texts and lists.
  ['text + text', '"texttext"'],
  ['text ~ 1 ~ whole ~ nothing ~ yes', '"text12.0true"'],
  ['text * 2', '"texttext"'],
  ['text + 1', 'template_failed: The operator `+` does not work on string and int.'],
  ['list + nested', '[1, 2, 3, [1], [2]]'],
  ['list * 2', 'template_failed: The operator `*` does not work on list and int.'],
  ['-text', 'template_failed: Cannot negate string.'],
  ['yes + 1', 'template_failed: The operator `+` does not work on bool and int.'],
  // Comparing.
  ['list == [1, 2.0, 3] and record == {"0": "zero", "b c": {"d": [10, 20]}, "a": 1}', 'true'],
  ['bytes == bytes and range == range and path == path and nothing == null', 'true'],
  ['"1" == 1 or yes == 1 or nothing == false or empty == nothing', 'false'],
  ['[1, 2] < [1, 3] and "a" < "b" and no < yes', 'true'],
  ['1 < "a"', 'template_failed: Cannot compare int with string.'],
  ['nothing < 1', 'template_failed: Cannot compare nothing with int.'],
  ['1 < 2 < 3 and not 3 > 2 > 2', 'true'],
  // Membership.
  ['2 in list and "ex" in text and "a" in record and 2 in range and 3 not in half_open', 'true'],
  ['6 in open and 4 not in open and 0.5 in halves and 0.3 not in halves and 2 in falling', 'true'],
  ['1 in text', 'template_failed: Cannot look for int in a text.'],
  ['1 in 2', 'template_failed: Cannot look inside int.'],
  // Truth: the operand that decided is the value.
  [
    '[not nothing, not 0, not 0.0, not empty, not [], not {}, not (sec - sec), not (kb - kb)]',
    '[true, true, true, true, true, true, true, true]',
  ],
  ['[not 1, not "a", not [0], not date, not range, not bytes]', '[false, false, false, false, false, false]'],
  ['empty or "x"', '"x"'],
  ['int and text', '"text"'],
  ['nothing and missing', 'null'],
  ['missing or 1', 'template_failed: `missing` is not defined.'],
  ['1 if yes', '1'],
  ['1 if no', 'null'],
  ['1 if no else 2 if no else 3', '3'],
  // Fields, indexes, slices.
  ['record.a', '1'],
  ['record["b c"].d[-1]', '20'],
  ['record["b c"]["d"].0', '10'],
  ['record[0]', '"zero"'],
  ['list[int - 5]', '3'],
  ['list[3]', 'template_failed: `list[3]` is not defined: the list has 3 items.'],
  ['record.z', 'template_failed: `record.z` is not defined: the record has 0, a, b c.'],
  ['nothing.a', 'template_failed: `nothing.a` is not defined: the value before it is null.'],
  ['int.a', 'template_failed: `int.a` is not defined: int has no fields.'],
  ['record.z.y', 'template_failed: `record.z` is not defined: the record has 0, a, b c.'],
  ['text[1] ~ text[-1] ~ "😀é"[1]', '"eté"'],
  ['bytes[1]', '255'],
  ['bytes[:1]', '0x[0a]'],
  ['list[1:]', '[2, 3]'],
  ['list[-2:-1]', '[2]'],
  ['list[::-1]', '[3, 2, 1]'],
  ['list[5:]', '[]'],
  ['text[1:3]', '"ex"'],
  ['"a😀b"[1:]', '"😀b"'],
  ['list[::0]', 'template_failed: The step of a slice is 0.'],
  ['list["a":]', 'template_failed: The start of a slice is string.'],
  // Literals.
  ['{"a": 1, 2: [3,],}', '{"2": [3], a: 1}'],
  ['{1.5: 1}', 'template_failed: A key of a record is float.'],
  ['()', '[]'],
  ['(1,)', '[1]'],
  ['1, 2', '[1, 2]'],
  ["'it\\'s' ~ \"\\t\\u0041\\x42\\u{1F600}\\d\"", '"it\'s\\tAB😀\\\\d"'],
  ['`a\\n`', '"a\\\\n"'],
  ['[true, True, false, False, none, None, null]', '[true, true, false, false, null, null, null]'],
  // Going through values.
  ['range|list', '[1, 2, 3]'],
  ['half_open|list', '[1, 2]'],
  ['falling|list', '[3, 2, 1]'],
  ['halves|list', '[0.0, 0.5, 1.0]'],
  ['bytes|list', '[10, 255]'],
  ['open|list', 'template_failed: The range has no end.'],
  ['range(3)', '[0, 1, 2]'],
  ['range(end=3)', '[0, 1, 2]'],
  ['range(start=1, end=7, step_by=3)', '[1, 4]'],
  ['range(0)', '[]'],
  ['range(1.5)', 'template_failed: range() takes ints, got float.'],
  ['range(1, 2, 0)', 'template_failed: The step of a range is 0.'],
  // The value itself passes untouched.
  ['bytes', '0x[0aff]'],
  ['path', '$.a.b'],
  ['half_open', '1..<3'],
  ['date', '2026-01-02T03:04:05+01:00'],
];

const engine = engineWithFiles();

for (const [expression, wanted] of rows) {
  test(expression, () => {
    let got: string;
    try {
      got = stringifyNuon(engine.compileExpression(expression).evaluate(scope));
      // Nushell writes a duration in its units; NUON keeps nanoseconds.
      if (/^-?\d+ns$/.test(got))
        got = engine.compileExpression(`(${expression})|string`).evaluate(scope)?.toString() ?? '';
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      got = `${error.error}: ${error.message.replace(/^[^:]+:\d+:\d+: /, '')}`;
    }
    assert.equal(got, wanted);
  });
}
