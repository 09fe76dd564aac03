import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DateTime, Duration, Filesize, Float, type Value } from '../../../../src/kernel/value/value.js';
import { bindInputs, inputScope } from '../../../../src/workflow/definition/bind-inputs.js';
import type { InputDefinition } from '../../../../state/definition.js';

const declare = (type: InputDefinition['type'], more: Partial<InputDefinition> = {}) => ({
  inputs: { x: { type, required: false, ...more } },
});

/** A value that was expected: what was wrong with the given one. */
class Refused {
  readonly expected: string;
  constructor(expected: string) {
    this.expected = expected;
  }
}

function check(
  type: InputDefinition['type'],
  given: Value,
  fromText: boolean,
  wanted: Value | Refused,
): void {
  const { inputs, diagnostics } =
    fromText && typeof given === 'string'
      ? bindInputs(declare(type), {}, { x: given })
      : bindInputs(declare(type), { x: given });
  if (wanted instanceof Refused) {
    assert.equal(inputs, null);
    assert.deepEqual(
      diagnostics.map(({ code, key, expected }) => ({ code, key, expected })),
      [{ code: 'invalid-input', key: 'inputs.x', expected: wanted.expected }],
    );
  } else {
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(inputs, { x: wanted });
  }
}

const DURATION = 'a duration such as "30s", "1h30m" or "5min 3sec"';

describe('values are checked against the declared type and kept in JSON form', () => {
  const rows: readonly (readonly [InputDefinition['type'], Value, Value | Refused])[] = [
    ['string', 'a', 'a'],
    ['string', 1, new Refused('a string')],
    ['int', 3, 3],
    ['int', 2n ** 60n, 2n ** 60n],
    ['int', 2.5, new Refused('an integer')],
    ['int', new Float(3), new Refused('an integer')],
    ['int', '3', new Refused('an integer')],
    ['float', 2.5, 2.5],
    ['float', 3, new Float(3)],
    ['float', new Float(3), new Float(3)],
    ['float', Number.NaN, new Refused('a number')],
    ['bool', true, true],
    ['bool', 'true', new Refused('true or false')],
    ['list', [1, 'a'], [1, 'a']],
    ['list', { a: 1 }, new Refused('a list')],
    ['record', { a: 1 }, { a: 1 }],
    ['record', new Duration(1n), new Refused('a record')],
    ['duration', '5m', '5min'],
    ['duration', '5min 3sec', '5min 3sec'],
    ['duration', new Duration(90_000_000_000n), '1min 30sec'],
    ['duration', 5, new Refused(DURATION)],
    ['duration', '5 minutes', new Refused(DURATION)],
    ['path', 'a/b', 'a/b'],
    ['path', 'a\0b', new Refused('a path')],
    ['any', new DateTime('2026-01-02T03:04:05Z'), '2026-01-02T03:04:05Z'],
    ['any', [new Filesize(5n)], [5]],
    ['any', null, null],
  ];
  for (const [type, given, wanted] of rows) {
    it(`${type}: ${String(given)}`, () => check(type, given, false, wanted));
  }
});

describe('the text of a command line is converted to the declared type', () => {
  const rows: readonly (readonly [InputDefinition['type'], string, Value | Refused])[] = [
    ['string', '3', '3'],
    ['any', '3', '3'],
    ['int', '3', 3],
    ['int', '+3', 3],
    ['int', '-3', -3],
    ['int', '9223372036854775807', 9223372036854775807n],
    ['int', '3.0', new Refused('an integer')],
    ['int', '', new Refused('an integer')],
    ['float', '1', new Float(1)],
    ['float', '1e3', new Float(1000)],
    ['float', '.5', 0.5],
    ['float', 'much', new Refused('a number')],
    ['bool', 'true', true],
    ['bool', 'false', false],
    ['bool', 'yes', new Refused('true or false')],
    ['list', '["a", 1]', ['a', 1]],
    ['list', '[a, 1.0]', ['a', new Float(1)]],
    ['list', 'a,b', new Refused('a list in JSON or NUON')],
    ['list', '{}', new Refused('a list')],
    ['record', '{"a": 1}', { a: 1 }],
    ['record', '{a: 1}', { a: 1 }],
    ['duration', '1h30m', '1hr 30min'],
    ['path', 'out/x', 'out/x'],
  ];
  for (const [type, given, wanted] of rows) {
    it(`${type}: ${given}`, () => check(type, given, true, wanted));
  }
});

describe('what is missing and what is too much', () => {
  it('a default stands in, and without one null', () => {
    assert.deepEqual(bindInputs(declare('int', { default: 7 }), {}).inputs, { x: 7 });
    assert.deepEqual(bindInputs(declare('int'), {}).inputs, { x: null });
  });

  it('a missing required and an unknown input are both named', () => {
    const definition = declare('int', { required: true, description: 'how many' });
    const { inputs, diagnostics } = bindInputs(definition, { X: 1, zone: 'a' });
    assert.equal(inputs, null);
    assert.deepEqual(
      diagnostics.map(({ code, message, expected, advice }) => [code, message, expected, advice]),
      [
        ['unknown-input', 'The workflow has no input "X"', 'one of x', 'Did you mean "x"?'],
        ['unknown-input', 'The workflow has no input "zone"', 'one of x', 'Leave it out.'],
        [
          'missing-input',
          'The workflow needs the input "x"',
          'a value of type int (how many)',
          'Give it, such as --input x=VALUE on a command line.',
        ],
      ],
    );
  });

  it('names such as __proto__ and constructor are data', () => {
    const given = JSON.parse('{"__proto__": 1, "constructor": 2}');
    const { diagnostics } = bindInputs({ inputs: {} }, given);
    assert.deepEqual(
      diagnostics.map(({ code, key }) => `${code} ${key}`),
      ['unknown-input inputs.__proto__', 'unknown-input inputs.constructor'],
    );
  });
});

it('expressions see a duration where the JSON form has its text', () => {
  const { inputs } = declare('duration');
  assert.deepEqual(inputScope({ inputs }, { x: '1min 30sec' }), { x: new Duration(90_000_000_000n) });
  assert.deepEqual(inputScope({ inputs }, { x: null }), { x: null });
});
