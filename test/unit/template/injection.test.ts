import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime, Duration, type Value, type ValueRecord } from '../../../src/kernel/value/value.js';
import { engineWithFiles, outcomeOf } from './engine-with-files.js';

const own: Value = JSON.parse('{"__proto__": "data", "constructor": "own", "toString": 1}');
const context: ValueRecord = {
  record: { a: 1 },
  own,
  list: [1, 2],
  text: 'text',
  number: 5,
  date: new DateTime('2026-01-02T03:04:05Z'),
  duration: new Duration(1n),
  bytes: Uint8Array.of(1),
};

const names = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupGetter__',
  'length',
  'map',
  'at',
  'rfc3339',
  'nanoseconds',
  'buffer',
  'call',
  'apply',
];
const roots = ['record', 'list', 'text', 'number', 'date', 'duration', 'bytes', '[]', '{}', '""', '1.5'];

/** Nothing of JavaScript is a field of a value: whatever way it is asked for, it is not defined. */
test('no prototype, method or private part can be reached', async () => {
  const engine = engineWithFiles();
  for (const name of names) {
    for (const root of roots) {
      const target = root === '1.5' ? '(1.5)' : root;
      for (const path of [
        `${target}.${name}`,
        `${target}["${name}"]`,
        `${target}[("${name}"|lower) if "${name}"|lower == "${name}" else "${name}"]`,
      ]) {
        assert.equal(await outcomeOf(engine, `{{ ${path} is defined }}`, context), 'false', path);
      }
      assert.match(
        await outcomeOf(engine, `{{ ${target}.${name} }}`, context),
        /^template_failed: .*is not defined/,
      );
    }
    assert.equal(await outcomeOf(engine, `{{ ${name} is defined }}`, context), 'false', name);
    assert.equal(
      await outcomeOf(engine, `{{ [record]|map(attribute="${name}", default="-")|join }}`, context),
      '-',
      name,
    );
    assert.equal(await outcomeOf(engine, `{{ record|get("${name}", "-") }}`, context), '-', name);
    assert.equal(await outcomeOf(engine, `{{ "${name}" in record }}`, context), 'false', name);
  }
});

const payloads: readonly (readonly [template: string, outcome: RegExp])[] = [
  ['{{ "".constructor.constructor("return process")() }}', /^template_invalid/],
  ['{{ range.constructor("return process.env")() }}', /^template_invalid/],
  ['{{ range.constructor }}', /^template_failed: .*`range` is not defined/],
  ['{{ range|string }}', /^template_failed: .*`range` is not defined/],
  ['{{ ({}).__class__.__mro__ }}', /^template_failed: .*is not defined/],
  ['{{ self }}', /is not defined/],
  ['{{ this }}', /is not defined/],
  ['{{ globalThis.process }}', /is not defined/],
  ['{{ process.env.HOME }}', /is not defined/],
  ['{{ require("fs") }}', /^template_invalid: The function `require` is unknown/],
  ['{{ [1]|map("constructor") }}', /^template_invalid: The filter `constructor` is unknown/],
  ['{{ [1]|map("__proto__") }}', /^template_invalid: The filter `__proto__` is unknown/],
  ['{{ [1]|map("con" ~ "structor") }}', /^template_failed: The filter `constructor` is unknown/],
  ['{{ [1]|select("con" ~ "structor") }}', /^template_failed: The test `constructor` is unknown/],
  ['{{ 1|constructor }}', /^template_invalid: The filter `constructor` is unknown/],
  ['{{ 1 is constructor }}', /^template_invalid: The test `constructor` is unknown/],
  ['{% for x in list %}{{ loop.constructor }}{% endfor %}', /^template_invalid: `loop` has no field/],
  ['{% for x in list %}{{ loop["constructor"] }}{% endfor %}', /^template_failed: .*is not defined/],
  ['{% for x in list %}{{ loop.constructor() }}{% endfor %}', /^template_invalid/],
  ['{% set __proto__ = {"polluted": 1} %}{{ {}.polluted is defined }}', /^false$/],
  ['{{ {"__proto__": {"polluted": 1}}.polluted is defined }}', /^false$/],
  ['{{ {"__proto__": {"polluted": 1}} }}', /^\{__proto__: \{polluted: 1\}\}$/],
  ['{{ [{"k": "__proto__"}]|group_by(attribute="k") }}', /^\{__proto__: \[\{k: __proto__\}\]\}$/],
  ['{{ own.__proto__ }} {{ own["constructor"] }} {{ own.toString }}', /^data own 1$/],
  ['{% set __proto__ = 1 %}{% set constructor = 2 %}{{ __proto__ }}{{ constructor }}', /^12$/],
  ['{% include "__proto__" ignore missing %}ok', /^ok$/],
  ['{% include "/outside/secret" ignore missing %}', /^outside_roots/],
  ['{% include "../outside/secret" %}', /^outside_roots/],
  ['{{ "{{ 1 }}" }}{{ text|replace("t", "{{ 1 }}") }}', /^\{\{ 1 \}\}\{\{ 1 \}\}ex\{\{ 1 \}\}$/],
];

for (const [template, outcome] of payloads) {
  test(template, async () => {
    const canary: unknown = Reflect.get({}, 'polluted');
    assert.match(await outcomeOf(engineWithFiles(), template, context), outcome);
    assert.equal(Reflect.get({}, 'polluted'), canary);
  });
}
