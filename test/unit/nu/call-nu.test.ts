import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  Range,
  type Value,
  type ValueRecord,
} from '../../../src/kernel/value/value.js';
import type { NuAction } from '../../../src/nu/nu-process.js';
import { startTicksOf } from '../../../src/process/identity.js';
import { until } from '../../fixtures/until.js';
import { fixture, nuPackages, realNu } from './real-nu.js';

const call = (command: string, args: readonly Value[] = [], flags: ValueRecord = {}): NuAction => ({
  kind: 'nu',
  module: fixture('server.nu'),
  command,
  args,
  flags,
});

/** A value in the form that `to json -r` gives it. */
const jsonForms: readonly [typed: Value, form: Value][] = [
  [new Duration(5n), 5],
  [new Filesize(7n), 7],
  [new DateTime('2026-01-02T03:04:05+01:00'), '2026-01-02T03:04:05+01:00'],
  [Uint8Array.of(1, 2), [1, 2]],
  [new Range(1, null, 3, true), '1..3'],
  [new CellPath('$.a.0'), '$.a.0'],
  [Number.POSITIVE_INFINITY, null],
];

const results: readonly [label: string, action: NuAction, value: Value, input?: Value][] = [
  [
    'defaults apply to what is left out',
    call('server create', ['web', null]),
    {
      name: 'web',
      zone: 'eu',
      ports: [],
      ttl: 5_000_000_000,
      size: null,
      since: null,
      disk: null,
      force: false,
    },
  ],
  [
    'flags are converted, paths made absolute',
    call('server create', ['web', 'us', 80, 443], {
      ttl: '1hr 30min',
      size: '1KiB',
      since: '2026-01-02',
      disk: '/data/../x',
      f: true,
    }),
    {
      name: 'web',
      zone: 'us',
      ports: [80, 443],
      ttl: 5_400_000_000_000,
      size: 1024,
      since: '2026-01-02T00:00:00+00:00',
      disk: '/data/../x',
      force: true,
    },
  ],
  ['a flag that is only a letter', call('only-letter', [], { n: 7 }), 7],
  ['input is piped in', call('total'), 6, [1, 2, 3]],
  [
    'null as input is piped too',
    call('echo-all', ['x']),
    { value: 'x', more: [], flag: null, on: false, input: null },
    null,
  ],
  ['main bears the name of the module', call('server', [2]), 'main main'],
  ['a command of a submodule', call('sub deep cmd'), 'deep'],
  [
    'values arrive with the types of the parameters',
    call('describe-all', [], {
      binary: [1, 2],
      range: '1..3',
      path: 'a.0',
      number: 1.5,
      float: 1,
      either: '5sec',
      rec: { size: '1kb', names: ['a'] },
    }),
    [
      'binary',
      'range',
      'cell-path',
      'float',
      'float',
      'duration',
      'record<size: filesize, names: list<string>>',
    ],
  ],
  ['what is printed is not the result', call('chatty'), 'the result'],
  [
    'exports named like built-ins change nothing',
    { kind: 'nu', module: fixture('shadowing.nu'), command: 'answer', args: [], flags: {} },
    42,
  ],
  [
    'a script with main',
    { kind: 'script', path: fixture('deploy-script.nu'), args: ['--help'], flags: { 'dry-run': true } },
    { label: 'v--help', dry: true, input: [1] },
    [1],
  ],
  [
    'a subcommand of a script',
    { kind: 'script', path: fixture('deploy-script.nu'), args: ['undo', 'true', 2], flags: {} },
    { undo: 'true', steps: 2 },
  ],
  [
    'a script without main',
    { kind: 'script', path: fixture('statements.nu'), args: [], flags: {} },
    [1, 4],
    [1],
  ],
  ['a snippet', { kind: 'code', source: '$in.a + 1' }, 3, { a: 2 }],
  [
    'a snippet with definitions',
    { kind: 'code', source: 'use std/assert\ndef twice [n: int] { $n * 2 }\ntwice 4' },
    8,
  ],
  ['a snippet without input', { kind: 'code', source: '$in | describe' }, 'nothing'],
  ['the output of an external', { kind: 'code', source: '^printf "a\\nb"' }, 'a\nb'],
  [
    'a large output of an external',
    { kind: 'code', source: "^head -c 300000 /dev/zero | ^tr '\\0' x" },
    'x'.repeat(300_000),
  ],
  ['results that stream', { kind: 'code', source: '1..3 | each {|n| $n * 2 }' }, [2, 4, 6]],
  ['par-each', { kind: 'code', source: '1..4 | par-each {|n| $n * $n } | sort' }, [1, 4, 9, 16]],
];

const failures: readonly [action: NuAction, message: RegExp, data: Readonly<Record<string, unknown>>][] = [
  [
    call('fails', ['made']),
    /^no such zone$/,
    { label: 'this zone', help: 'use eu', file: fixture('server.nu'), line: 48, column: 28 },
  ],
  // The argument came as data, so there is no text of the user's to point at.
  [call('fails', ['argument']), /^not this one$/, { label: 'this one', file: undefined, line: undefined }],
  [
    call('fails', ['division']),
    /^Division by zero: division by zero$/,
    { code: 'nu::shell::division_by_zero', line: 50, column: 23 },
  ],
  [call('fails', ['nested']), /^Division by zero/, { code: 'nu::shell::division_by_zero', line: 51 }],
  [
    call('fails', ['external']),
    /exited with code 3$/,
    { code: 'nu::shell::non_zero_exit_code', exitCode: 3, line: 52 },
  ],
  [
    call('fails', ['missing']),
    /Command `no-such-program-anywhere` not found$/,
    { code: 'nu::shell::external_command' },
  ],
  [call('fails', ['closure']), /holds a closure/, { help: 'Return data only.' }],
  [call('fails', ['exit']), /exit code 7/, { exitCode: 7, log: 'going\n' }],
  [
    {
      kind: 'code',
      source: 'let é = "日本"; error make {msg: "in snippet", label: {text: "x", span: (metadata $é).span}}',
    },
    /^in snippet$/,
    { line: 1 },
  ],
];

for (const packageName of nuPackages) {
  test(`${packageName}: typed values have the JSON forms of Nushell when no types are asked for`, async () => {
    const { call: run, ask } = await realNu(packageName);
    const action: NuAction = { kind: 'code', source: '$in' };
    const back = await run({ ...ask, action, input: jsonForms.map(([typed]) => typed) });
    assert.deepEqual(
      back,
      jsonForms.map(([, form]) => form),
    );
  });

  test(`${packageName}: commands, scripts and snippets give their value`, async () => {
    const { call: run, ask, folder } = await realNu(packageName);
    for (const [label, action, value, input] of results) {
      assert.deepEqual(await run({ ...ask, action, input }), value, label);
    }
    const [create] = results;
    assert.ok(create);
    const relative = call('server create', ['x'], { disk: 'data' });
    const made = await run({ ...ask, action: relative });
    assert.equal(Object(made).disk, join(folder, 'data'), 'a relative path counts from the cwd of the call');
    assert.deepEqual(readdirSync(join(folder, 'calls')), [], 'no file of a call stays');
  });

  test(`${packageName}: the environment of the module is set for the call`, async () => {
    const { call: run, ask, folder } = await realNu(packageName);
    const mark = join(folder, 'side-effect');
    await run({ ...ask, env: { ...ask.env, SIDE_EFFECT: mark }, action: call('total'), input: [1] });
    assert.equal(readFileSync(mark, 'utf8'), 'loaded');
  });

  test(`${packageName}: errors carry Nushell's code, label, help and place`, async () => {
    const { call: run, ask } = await realNu(packageName);
    for (const [action, message, data] of failures) {
      await assert.rejects(run({ ...ask, action }), (error) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.error, 'nu_failed');
        assert.match(error.message, message);
        const got = Object.fromEntries(Object.keys(data).map((key) => [key, error.data[key]]));
        assert.deepEqual(got, data);
        return true;
      });
    }
  });
}

test('a call that takes too long, is cancelled, or prints too much is ended with all that it started', async () => {
  const { call: run, ask, folder } = await realNu('@nushell/linux-x64');
  const pidFile = join(folder, 'pid');
  const sleeper: NuAction = {
    kind: 'code',
    source: `^sh -c 'sleep 600 & echo $! > ${pidFile}; wait'`,
  };
  const controller = new AbortController();
  const flood: NuAction = { kind: 'code', source: 'loop { print -r ("x" | fill --width 100000) }' };
  const rows: readonly [error: string, request: Parameters<typeof run>[0], after?: () => Promise<void>][] = [
    ['timeout', { ...ask, action: sleeper, timeoutMs: 700 }],
    [
      'request_cancelled',
      { ...ask, action: sleeper, signal: controller.signal },
      async () => controller.abort(),
    ],
    ['limit_exceeded', { ...ask, action: flood }],
    ['request_cancelled', { ...ask, action: sleeper, signal: AbortSignal.abort() }],
  ];
  for (const [error, request, act] of rows) {
    const running = run(request);
    const ended = assert.rejects(
      running,
      (thrown) => thrown instanceof Failure && thrown.error === error,
      error,
    );
    if (act) {
      await until('the sleeper to start', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
      await act();
    }
    await ended;
    if (existsSync(pidFile)) {
      const pid = Number(readFileSync(pidFile, 'utf8'));
      assert.equal(startTicksOf(pid), null, `${error}: the sleeper is gone`);
      rmSync(pidFile);
    }
  }
  assert.deepEqual(readdirSync(join(folder, 'calls')), []);
});
