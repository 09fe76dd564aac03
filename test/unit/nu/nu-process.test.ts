import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { captureNu } from '../../../src/nu/capture-nu.js';
import { buildNuProcess, type NuAction } from '../../../src/nu/nu-process.js';
import { readResult } from '../../../src/nu/result.js';
import { fixture, nulib, realNu } from './real-nu.js';

const secret = 'hostile $(data)';

test('argv never carries data, and every file is private', async () => {
  const { nu, inspector, folder, ask } = await realNu('@nushell/linux-x64');
  const directory = join(folder, 'attempt');
  const files = { resultFile: join(directory, 'result.json'), codeFile: join(directory, 'code.nu') };
  const process = await buildNuProcess({
    ...ask,
    ...files,
    nu,
    inspector,
    libraries: [nulib],
    action: { kind: 'code', source: `{in: $in, note: "${secret.replaceAll('$', '')}"}` },
    input: secret,
  });
  assert.deepEqual(process.argv.slice(0, 6), [nu.path, '--no-config-file', '--stdin', '-I', nulib, '-c']);
  assert.equal(process.argv.length, 7);
  assert.ok(!process.argv.join(' ').includes('hostile'));
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  assert.deepEqual([mode(directory), mode(files.codeFile)], ['700', '600']);
  const [path, ...args] = process.argv;
  const { exitCode, stderr } = await captureNu({
    path,
    args,
    cwd: folder,
    env: ask.env,
    stdin: process.stdin,
  });
  assert.equal(exitCode, 0, stderr);
  assert.equal(mode(files.resultFile), '600');
  assert.deepEqual(readResult(readFileSync(files.resultFile, 'utf8')), {
    complete: true,
    outcome: { ok: { in: secret, note: 'hostile (data)' } },
  });
});

const refused: readonly [action: NuAction, error: string][] = [
  [
    { kind: 'nu', module: fixture('server.nu'), command: 'server remove', args: [], flags: {} },
    'command_unknown',
  ],
  [{ kind: 'nu', module: fixture('server.nu'), command: 'hidden', args: [], flags: {} }, 'command_unknown'],
  [
    { kind: 'nu', module: fixture('server.nu'), command: 'server create', args: [], flags: {} },
    'arguments_invalid',
  ],
  [
    { kind: 'nu', module: fixture('server.nu'), command: 'echo-all', args: [2n ** 64n], flags: {} },
    'arguments_invalid',
  ],
  [{ kind: 'nu', module: fixture('server.nu'), command: 'total', args: [], flags: {} }, 'arguments_invalid'],
  [{ kind: 'nu', module: '/nowhere.nu', command: 'x', args: [], flags: {} }, 'unreadable'],
  [{ kind: 'nu', module: fixture('broken.nu'), command: 'x', args: [], flags: {} }, 'nu_failed'],
  [{ kind: 'script', path: fixture('statements.nu'), args: ['x'], flags: {} }, 'arguments_invalid'],
  [{ kind: 'script', path: fixture('deploy-script.nu'), args: [], flags: {} }, 'arguments_invalid'],
  [{ kind: 'code', source: 'let x: int = "s"' }, 'nu_failed'],
];

test('what cannot work is refused before a process starts', async () => {
  const { nu, inspector, folder, ask } = await realNu('@nushell/linux-x64');
  for (const [action, error] of refused) {
    const files = { resultFile: join(folder, 'result'), codeFile: join(folder, 'code.nu') };
    await assert.rejects(
      buildNuProcess({ ...ask, ...files, nu, inspector, libraries: [nulib], action, input: undefined }),
      (thrown) => thrown instanceof Failure && thrown.error === error,
      JSON.stringify(action, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    );
  }
});
