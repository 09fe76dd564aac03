import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  Float,
  Range,
  type Value,
  type ValueRecord,
} from '../../../src/kernel/value/value.js';
import type { NuAction } from '../../../src/nu/nu-process.js';
import { fixture, nuPackages, realNu } from './real-nu.js';

const echoAll = (args: readonly Value[], flags: ValueRecord = {}): NuAction => ({
  kind: 'nu',
  module: fixture('server.nu'),
  command: 'echo-all',
  args,
  flags,
});

const hostile: readonly string[] = [
  '',
  ' ',
  '"',
  "'",
  '`',
  '\\',
  '"; ^touch /tmp/x; "',
  "'; ls; '",
  '$(ls)',
  '(ls)',
  '{|| exit 1}',
  '$in',
  '$values.input',
  '; exit 3',
  '| save x',
  '# comment',
  'line\nbreak',
  'carriage\r\nreturn',
  '\ttab',
  '--help',
  '-h',
  '-x',
  '--flag=1',
  'true',
  'null',
  '1',
  '1..3',
  '5sec',
  '[a b]',
  '{a: 1}',
  "r#'raw'#",
  '...spread',
  '~',
  '*',
  '\0',
  '\u001b[31mred',
  'sidecar-job-end',
  '\nsidecar-result-end json\n',
  '日本 é 👩‍👩‍👧',
  '\u2028',
  '__proto__',
];

const nuonTyped: readonly Value[] = [
  new Duration(5_400_000_000_001n),
  new Duration(-(2n ** 63n)),
  new Filesize(1500n),
  new DateTime('2026-01-02T03:04:05.123456789+01:00'),
  Uint8Array.of(0, 1, 255),
  new Range(1, null, 3, true),
  new Range(1, null, 5, false),
  new Range(0, 2, 10, true),
  new Range(5, null, null, true),
  new CellPath('$.a.0.b'),
];
const numbers: readonly Value[] = [
  9223372036854775807n,
  -9223372036854775808n,
  9007199254740993n,
  0,
  -1,
  new Float(1),
  new Float(-0),
  new Float(1e300),
  0.1,
  5e-324,
  0.9570716528956527,
];
const plain: Value = {
  list: [],
  record: {},
  nested: [[[{ a: [null, true, false] }]]],
  '': 1,
  'a.b': 2,
  'a b?': 3,
};

for (const packageName of nuPackages) {
  test(`${packageName}: hostile text, numbers and typed values come back exactly, by every way in`, async () => {
    const { call: run, ask } = await realNu(packageName);
    const echo = async (value: Value): Promise<void> => {
      const action = echoAll([value, value], { flag: value, 'short-too': true });
      const back = await run({ ...ask, action, input: value, typed: true });
      assert.deepEqual(back, { value, more: [value], flag: value, on: true, input: value });
    };
    await echo(hostile);
    await echo(
      Object.fromEntries(hostile.filter((key) => key !== '__proto__').map((key, index) => [key, index])),
    );
    await echo([...numbers, plain]);
    await echo([...nuonTyped, ...numbers, ...hostile, plain]);
    // Each as an argument of its own: so are those that a command line would take for a flag.
    const separate = { ...echoAll(['x', ...hostile]) };
    assert.deepEqual(await run({ ...ask, action: separate }), {
      value: 'x',
      more: hostile,
      flag: null,
      on: false,
      input: null,
    });
  });

  test(`${packageName}: random values come back exactly`, async () => {
    const { call: run, ask } = await realNu(packageName);
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary-ascii' }),
      fc.maxSafeInteger(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((n) => (Number.isInteger(n) ? new Float(n) : n)),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    // Many values a call, since each costs a nu.
    const property = fc.asyncProperty(fc.array(value, { minLength: 100, maxLength: 200 }), async (values) => {
      assert.deepEqual(await run({ ...ask, action: echoAll([values]) }), {
        value: values,
        more: [],
        flag: null,
        on: false,
        input: null,
      });
    });
    await fc.assert(property, { numRuns: 5 });
  });
}
