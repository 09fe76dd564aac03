import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { Duration, type Value } from '../../../src/kernel/value/value.js';
import { type Argument, checkCall, convertCall, DYNAMIC } from '../../../src/nu/check-call.js';
import { type CommandSignature, usageLine } from '../../../src/nu/command-signature.js';

const signature: CommandSignature = {
  name: 'server create',
  description: '',
  parameters: [
    { name: 'name', kind: 'positional', type: 'string', required: true },
    { name: 'zone', kind: 'optional', type: 'string', required: false },
    { name: 'rest', kind: 'rest', type: 'int', required: false },
    { name: 'ttl', kind: 'flag', type: 'duration', short: 't', required: false },
    { name: 'n', kind: 'flag', type: 'int', short: 'n', required: false },
    { name: 'force', kind: 'switch', type: 'bool', short: 'f', required: false },
  ],
  inputOutput: [],
};
const bare: CommandSignature = { name: 'bare', description: '', parameters: [], inputOutput: [] };

const findings: readonly [
  label: string,
  CommandSignature,
  args: readonly Argument[],
  flags: Readonly<Record<string, Argument>>,
  found: readonly [code: string, where: unknown][],
][] = [
  ['all right', signature, ['a', 'eu', 1, 2], { ttl: '1s', force: true, n: 3 }, []],
  ['by letter', signature, ['a'], { t: '1s', f: false }, []],
  ['with dashes', signature, ['a'], { '--ttl': '1s', '-f': true }, []],
  ['too few', signature, [], {}, [['missing-argument', 'command']]],
  ['too many', bare, [1, 2], {}, [['extra-argument', { arg: 0 }]]],
  ['type of an argument', signature, [5], {}, [['argument-type', { arg: 0 }]]],
  ['type in the rest', signature, ['a', 'b', 1, 'x'], {}, [['argument-type', { arg: 3 }]]],
  ['unknown flag', signature, ['a'], { tll: 1 }, [['unknown-flag', { flag: 'tll' }]]],
  [
    'a flag named like an object method',
    signature,
    ['a'],
    { constructor: 1 },
    [['unknown-flag', { flag: 'constructor' }]],
  ],
  ['type of a flag', signature, ['a'], { ttl: 'soon' }, [['flag-type', { flag: 'ttl' }]]],
  ['switch with a value', signature, ['a'], { force: 'yes' }, [['flag-type', { flag: 'force' }]]],
  ['long and short', signature, ['a'], { ttl: 1, t: 2 }, [['repeated-flag', { flag: 't' }]]],
  ['known at run time', signature, [DYNAMIC, DYNAMIC, DYNAMIC], { ttl: DYNAMIC }, []],
  ['dynamic but too many', bare, [DYNAMIC], {}, [['extra-argument', { arg: 0 }]]],
  ['null for what is optional', signature, ['a', null], { ttl: null, force: null }, []],
  ['null for what is required', signature, [null], {}, [['argument-type', { arg: 0 }]]],
  [
    'all at once',
    signature,
    [1, 2],
    { x: 1, ttl: true },
    [
      ['argument-type', { arg: 0 }],
      ['argument-type', { arg: 1 }],
      ['unknown-flag', { flag: 'x' }],
      ['flag-type', { flag: 'ttl' }],
    ],
  ],
];

test('a call is checked against the signature', () => {
  for (const [label, command, args, flags, expected] of findings) {
    const found = checkCall(command, args, flags);
    assert.deepEqual(
      found.map(({ code, where }) => [code, where]),
      expected,
      label,
    );
    for (const finding of found) assert.ok(finding.expected && finding.got && finding.advice, label);
  }
});

test('a misspelt flag is answered with the one that was meant', () => {
  assert.equal(checkCall(signature, ['a'], { forse: true })[0]?.advice, 'Did you mean --force?');
  assert.equal(checkCall(bare, [], { forse: true })[0]?.advice, 'It knows no flags.');
});

const bound: readonly [
  label: string,
  args: readonly Value[],
  flags: Readonly<Record<string, Value>>,
  call: { positionals: Value[]; rest: Value[]; flags: [string, Value][]; switches: string[] },
][] = [
  ['optional left out', ['a'], {}, { positionals: ['a'], rest: [], flags: [], switches: [] }],
  ['null at the end left out', ['a', null], {}, { positionals: ['a'], rest: [], flags: [], switches: [] }],
  [
    'null before the rest stays',
    ['a', null, 7],
    {},
    { positionals: ['a', null], rest: [7], flags: [], switches: [] },
  ],
  [
    'flags by letter, switches on and off',
    ['a'],
    { t: '1s', force: true },
    { positionals: ['a'], rest: [], flags: [['ttl', new Duration(1_000_000_000n)]], switches: ['force'] },
  ],
  [
    'a switch that is off',
    ['a'],
    { f: false, ttl: null },
    { positionals: ['a'], rest: [], flags: [], switches: [] },
  ],
];

test('the values of a call are put in their places and converted', () => {
  for (const [label, args, flags, expected] of bound) {
    const call = convertCall(signature, args, flags, { cwd: '/' });
    const got = {
      positionals: call.positionals,
      rest: call.rest,
      flags: call.flags.map(({ parameter, value }) => [parameter.name, value]),
      switches: call.switches.map(({ name }) => name),
    };
    assert.deepEqual(got, expected, label);
  }
});

test('a call that does not fit throws arguments_invalid with every finding and the usage', () => {
  assert.throws(
    () => convertCall(signature, [], { nope: 1 }, { cwd: '/' }),
    (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.error, 'arguments_invalid');
      assert.equal(error.message, 'server create needs the argument name. server create has no flag --nope.');
      assert.equal(error.data['usage'], usageLine(signature));
      return true;
    },
  );
  assert.equal(
    usageLine(signature),
    'server create <name: string> [zone: string] ...rest: int [--ttl: duration] [-n: int] [--force]',
  );
});
