import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRenderedErrors, type RenderedError } from '../../../src/nu/rendered-error.js';

const rows: readonly [label: string, text: string, errors: RenderedError[]][] = [
  ['nothing', 'just\nsome output\n', []],
  [
    'a parse error between other output',
    `hello
Error: nu::parser::type_mismatch

  x Type mismatch.
   ,-[/m/used bad.nu:3:32]
 2 | # before
 3 | export def x [] { let q: int = "s" }
   :                                ^|^
   :                                 \`-- expected int, found string
 4 | # after
   \`----
  help: a help that is
        wrapped
`,
    [
      {
        code: 'nu::parser::type_mismatch',
        message: 'Type mismatch.',
        label: 'expected int, found string',
        help: 'a help that is wrapped',
        place: { file: '/m/used bad.nu', line: 3, column: 32, length: 3 },
      },
    ],
  ],
  [
    'an error inside of another, the outer without code or place',
    `Error: 
  x a message that
  | goes on

Error: nu::shell::division_by_zero

  x Division by zero.
   ,-[/m.nu:1:9]
 1 | 日本; 1 / 0
   :       |
   :       \`-- division by zero
   \`----
`,
    [
      { code: '', message: 'a message that goes on' },
      {
        code: 'nu::shell::division_by_zero',
        message: 'Division by zero.',
        label: 'division by zero',
        place: { file: '/m.nu', line: 1, column: 5, length: 1 },
      },
    ],
  ],
  [
    'the Unicode theme of a terminal',
    `Error: nu::parser::x

  × Bad.
   ╭─[/m.nu:2:1]
 1 │ a
 2 │ foo
   · ─┬─
   ·  ╰── here
   ╰────
`,
    [
      {
        code: 'nu::parser::x',
        message: 'Bad.',
        label: 'here',
        place: { file: '/m.nu', line: 2, column: 1, length: 3 },
      },
    ],
  ],
];

test('errors are read from what Nushell prints', () => {
  for (const [label, text, errors] of rows) assert.deepEqual(parseRenderedErrors(text), errors, label);
});
