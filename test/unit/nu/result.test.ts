import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duration } from '../../../src/kernel/value/value.js';
import { type NuResult, readResult, resultFormatOf } from '../../../src/nu/result.js';

const json = (text: string) => `${text}\nsidecar-result-end json\n`;
const nuon = (text: string) => `${text}\nsidecar-result-end nuon\n`;
const incomplete: NuResult = { complete: false };
const ok = (value: Extract<NuResult, { complete: true }>['outcome']): NuResult => ({
  complete: true,
  outcome: value,
});

const rows: readonly [label: string, text: string, result: NuResult][] = [
  ['empty', '', incomplete],
  ['no end mark', '{"ok":1}\n', incomplete],
  ['cut in the mark', '{"ok":1}\nsidecar-result-end js', incomplete],
  ['zeros before the mark', json('\0\0\0'), incomplete],
  ['neither ok nor error', json('{"other":1}'), incomplete],
  ['a value', json('{"ok":[9223372036854775807]}'), ok({ ok: [9223372036854775807n] })],
  ['null', json('{"ok":null}'), ok({ ok: null })],
  [
    'the mark as data',
    json('{"ok":"\\nsidecar-result-end json\\n"}'),
    ok({ ok: '\nsidecar-result-end json\n' }),
  ],
  ['typed values in their JSON forms', nuon('{ok: [5ns, 1..3, $.a.b]}'), ok({ ok: [5, '1..3', '$.a.b'] })],
  [
    'an error with nothing but a message',
    json('{"error":{"msg":"boom"}}'),
    ok({ error: { name: 'nu_error', message: 'boom', data: {} } }),
  ],
  [
    'nesting beyond the limit',
    json(`{"ok":${'['.repeat(300)}${']'.repeat(300)}}`),
    ok({
      error: {
        name: 'nu_error',
        message: 'The result is nested more than 256 deep.',
        data: { help: 'Return a flatter value.' },
      },
    }),
  ],
];

test('a result counts only when it is complete', () => {
  for (const [label, text, result] of rows) assert.deepEqual(readResult(text), result, label);
});

test('types are kept for who asks for them', () => {
  assert.deepEqual(readResult(nuon('{ok: 5ns}'), { typed: true }), ok({ ok: new Duration(5n) }));
});

test('versions whose to json loses types write NUON', () => {
  const versions = ['0.108.0', '0.114.1', '0.115.0', '0.120.1', '1.0.0'];
  assert.deepEqual(versions.map(resultFormatOf), ['nuon', 'nuon', 'json', 'json', 'json']);
});
