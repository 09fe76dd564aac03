import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainExit, explainLog } from '../../../src/nu/explain-log.js';

const parserError = `Error: nu::parser::module_not_found

  x Module not found.
   ,-[/m.nu:1:5]
 1 | use gone.nu
   :     ^^^|^^^
   :        \`-- module gone.nu not found
   \`----
  help: look
`;
const ownText = `Error: nu::parser::unknown_flag

  x No such flag.
   ,-[source:40:5]
 40 | x --y
    :   ^|^
    :    \`-- unknown flag
    \`----
`;

const rows: readonly [log: string, retryable: boolean | null, message: string, data: object][] = [
  ['only output\n', null, '', {}],
  [
    `output\n${parserError}`,
    false,
    'Module not found: module gone.nu not found',
    {
      code: 'nu::parser::module_not_found',
      label: 'module gone.nu not found',
      help: 'look',
      file: '/m.nu',
      line: 1,
      column: 5,
      length: 7,
    },
  ],
  [ownText, false, 'No such flag: unknown flag', { code: 'nu::parser::unknown_flag', label: 'unknown flag' }],
  ['Error: nu::shell::io\n\n  x Disk full.\n', true, 'Disk full.', { code: 'nu::shell::io' }],
];

test('the last error that nu printed explains a missing result', () => {
  for (const [log, retryable, message, data] of rows) {
    const explained = explainLog(log);
    if (retryable === null) assert.equal(explained, null);
    else assert.deepEqual(explained, { retryable, error: { name: 'nu_error', message, data } });
  }
});

test('an exit without an error is told in words', () => {
  assert.match(explainExit(7, null), /exit code 7 .* "exit" in the code/);
  assert.match(explainExit(null, 'SIGKILL'), /ended by SIGKILL/);
  assert.match(explainExit(125, null), /no complete job/);
});
