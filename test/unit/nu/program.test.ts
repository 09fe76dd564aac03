import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { captureNu } from '../../../src/nu/capture-nu.js';
import type { CommandSignature } from '../../../src/nu/command-signature.js';
import { jobText } from '../../../src/nu/job.js';
import { compileProgram } from '../../../src/nu/program.js';
import { nuPackages, realNu } from './real-nu.js';

const signature: CommandSignature = {
  name: 'server create',
  description: '',
  parameters: [
    { name: 'ttl', kind: 'flag', type: 'duration', short: 't', required: false },
    { name: 'n', kind: 'flag', type: 'int', short: 'n', required: false },
    { name: 'force', kind: 'switch', type: 'bool', required: false },
  ],
  inputOutput: [],
};

test('only names and a quoted path enter the text of a call', () => {
  const [ttl, n, force] = signature.parameters;
  assert.ok(ttl && n && force);
  const call = {
    signature,
    positionals: ['; rm -rf /', null],
    rest: ['$(ls)'],
    flags: [
      { parameter: ttl, value: '--help' },
      { parameter: n, value: 1 },
    ],
    switches: [force],
  };
  const { source, values } = compileProgram(
    { kind: 'command', module: "/it's.nu", call },
    { input: '`evil`', resultFormat: 'json' },
  );
  const written =
    '$values.input | server create $values.args.0 $values.args.1 ...$values.rest --ttl $values.flags.0 -n $values.flags.1 --force';
  assert.ok(source.includes(`  use r#'/it's.nu'# *\n  ${written}\n`), source);
  for (const data of ['rm -rf', '$(ls)', '--help', 'evil']) assert.ok(!source.includes(data), data);
  assert.deepEqual(values, {
    args: ['; rm -rf /', null],
    rest: ['$(ls)'],
    flags: ['--help', 1],
    input: '`evil`',
  });
});

test('a name with a meaning in the grammar is refused', () => {
  const names = [
    'a; ls',
    'a (ls)',
    'a | b',
    '$x',
    '^ls',
    'a\nb',
    'a "b"',
    "a 'b'",
    'a  b',
    'a #b',
    'a {b}',
    '',
    'a -b',
    '`a`',
  ];
  for (const name of names) {
    const call = { signature: { ...signature, name }, positionals: [], rest: [], flags: [], switches: [] };
    assert.throws(
      () =>
        compileProgram(
          { kind: 'command', module: '/m.nu', call },
          { input: undefined, resultFormat: 'json' },
        ),
      (error) => error instanceof Failure && error.error === 'command_unknown',
      name,
    );
  }
});

for (const packageName of nuPackages) {
  test(`${packageName}: nothing runs unless the job is whole`, async () => {
    const { nu, folder } = await realNu(packageName);
    const ran = join(folder, 'ran');
    const code = join(folder, 'code.nu');
    const result = join(folder, 'result');
    writeFileSync(code, `"x" | save --force ${JSON.stringify(ran)}`);
    const { source, values } = compileProgram(
      { kind: 'code', path: code },
      { input: 'some input', resultFormat: 'json' },
    );
    const job = jobText({ result, values });
    const run = (stdin: string) =>
      captureNu({ path: nu.path, args: ['-n', '--stdin', '-c', source], cwd: folder, env: {}, stdin });
    const cuts = [
      '',
      '\n',
      job.slice(0, 20),
      job.slice(0, job.indexOf('\n')),
      job.slice(0, job.indexOf('\n') + 1),
      job.slice(0, -2),
    ];
    for (const cut of cuts) {
      const { exitCode, stderr } = await run(cut);
      assert.equal(exitCode, 125, `${JSON.stringify(cut)}: ${stderr}`);
      assert.match(stderr, /The job did not arrive whole: nothing was run\./);
    }
    assert.equal(existsSync(ran), false);
    const { exitCode, stderr } = await run(job);
    assert.equal(exitCode, 0, stderr);
    assert.equal(existsSync(ran), true);
    assert.equal(readFileSync(result, 'utf8'), '{"ok":null}\nsidecar-result-end json\n');
    assert.equal(existsSync(`${result}.tmp`), false);
  });
}
