import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorName } from '../../../protocol/errors.js';
import { failureText, failureValue } from '../../../src/cli/failure-text.js';
import { paletteFor } from '../../../src/cli/palette.js';
import { usualExitCode } from '../../../src/cli/perform.js';
import { Failure } from '../../../src/kernel/failure.js';

const plain = paletteFor({}, {});

test('a failure says what was expected, what came, and what to do', () => {
  const failure = new Failure('invalid_params', 'Wrong.', {
    expected: 'a',
    got: 'b\u001b[2J\nc',
    advice: 'Do.',
  });
  assert.equal(failureText(failure, plain), 'error: Wrong.\n  expected: a\n  got: b\n    c\n  help: Do.\n');
});

test('a failure without advice of its own has that of the error table', () => {
  assert.match(failureText(new Failure('nu_missing', 'No nu.'), plain), /help: Install Nushell/);
});

test('every finding is shown, with its place, line and carets', () => {
  const failure = new Failure('workflow_invalid', 'flow.toml is invalid.', {
    diagnostics: [
      {
        severity: 'error',
        code: 'unknown-key',
        message: 'unknown key "neds"',
        path: '/p/flow.toml',
        line: 3,
        column: 1,
        length: 4,
        excerpt: 'neds = ["a"]\n^^^^',
        advice: 'did you mean "needs"?',
      },
      {
        severity: 'warning',
        code: 'unused',
        message: 'never used',
        key: 'inputs.x',
        expected: 'a use',
        got: 'none',
      },
    ],
  });
  assert.equal(
    failureText(failure, plain),
    [
      'error: flow.toml is invalid.',
      '',
      '/p/flow.toml:3:1: error: unknown key "neds" [unknown-key]',
      '    neds = ["a"]',
      '    ^^^^',
      '  help: did you mean "needs"?',
      '',
      'inputs.x: warning: never used [unused]',
      '  expected: a use',
      '  got: none',
      '',
      '',
    ].join('\n'),
  );
});

test('as a value a failure has the row of the error table and its data', () => {
  assert.deepEqual(
    failureValue(new Failure('state_locked', 'Taken.', { got: 'pid 1', advice: 'Stop it.' })),
    {
      name: 'state_locked',
      code: 1051,
      message: 'Taken.',
      retryable: false,
      advice: 'Stop it.',
      got: 'pid 1',
    },
  );
  assert.deepEqual(failureValue(new Error('x')), { name: 'internal_error', message: 'x' });
});

const codes: readonly (readonly [ErrorName, number])[] = [
  ['workflow_invalid', 2],
  ['invalid_params', 2],
  ['config_invalid', 2],
  ['unreadable', 2],
  ['nu_missing', 3],
  ['storage_failed', 3],
  ['build_mismatch', 3],
  ['run_not_found', 1],
  ['internal_error', 1],
];

for (const [name, code] of codes) {
  test(`${name} ends with ${code}`, () => assert.equal(usualExitCode(new Failure(name, 'x')), code));
}
