import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { Duration } from '../../../src/kernel/value/value.js';
import { createInspector } from '../../../src/nu/inspector.js';
import { fixture, nulib, nuPackages, realNu } from './real-nu.js';

for (const packageName of nuPackages) {
  test(`${packageName}: what a module exports, with full signatures and without running it`, async () => {
    const { inspector, ask, folder } = await realNu(packageName);
    const mark = join(folder, 'side-effect');
    const env = { ...ask.env, SIDE_EFFECT: mark };
    const commands = await inspector.listCommands({ ...ask, env, module: fixture('server.nu') });
    assert.deepEqual(commands.map(({ name }) => name).toSorted(), [
      'chatty',
      'describe-all',
      'echo-all',
      'fails',
      'only-letter',
      'server',
      'server create',
      'sub deep cmd',
      'total',
    ]);
    assert.deepEqual(
      commands.find(({ name }) => name === 'server create'),
      {
        name: 'server create',
        description: 'Creates a server.\nIt says what it was given.',
        parameters: [
          {
            name: 'name',
            kind: 'positional',
            type: 'string',
            description: 'The name of the server',
            required: true,
          },
          {
            name: 'zone',
            kind: 'optional',
            type: 'string',
            description: 'Where it stands',
            default: 'eu',
            required: false,
          },
          { name: 'ports', kind: 'rest', type: 'int', description: 'What it listens on', required: false },
          {
            name: 'ttl',
            kind: 'flag',
            type: 'duration',
            short: 't',
            default: new Duration(5_000_000_000n),
            required: false,
          },
          { name: 'size', kind: 'flag', type: 'filesize', required: false },
          { name: 'since', kind: 'flag', type: 'datetime', required: false },
          { name: 'disk', kind: 'flag', type: 'path', required: false },
          {
            name: 'force',
            kind: 'switch',
            type: 'bool',
            short: 'f',
            description: 'Replace an existing one',
            required: false,
          },
        ],
        inputOutput: [{ input: 'nothing', output: 'record' }],
      },
    );
    assert.deepEqual(commands.find(({ name }) => name === 'only-letter')?.parameters, [
      { name: 'n', kind: 'flag', type: 'int', short: 'n', required: false },
    ]);
    const mains = await inspector.listScriptMains({ ...ask, env, path: fixture('deploy-script.nu') });
    assert.deepEqual(
      mains.map(({ name }) => name),
      ['main', 'main undo'],
    );
    assert.deepEqual(await inspector.listScriptMains({ ...ask, env, path: fixture('statements.nu') }), []);
    assert.equal(existsSync(mark), false, 'the module and the script were only read');
  });

  test(`${packageName}: a folder, and a module whose exports bear the names of built-ins`, async () => {
    const { inspector, ask } = await realNu(packageName);
    const names = async (module: string) =>
      (await inspector.listCommands({ ...ask, module: fixture(module) })).map(({ name }) => name);
    assert.deepEqual(await names('folder'), ['folder', 'in-folder', 'part make it']);
    assert.deepEqual(await names('folder/mod.nu'), ['in-folder', 'mod', 'part make it']);
    assert.ok((await names('shadowing.nu')).includes('answer'));
  });

  test(`${packageName}: a module that does not parse is answered with file, line and column`, async () => {
    const { inspector, ask } = await realNu(packageName);
    for (const module of ['broken.nu', 'uses-broken.nu']) {
      await assert.rejects(inspector.listCommands({ ...ask, module: fixture(module) }), (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.error, 'nu_failed');
        assert.deepEqual(error.data.diagnostics, [
          {
            severity: 'error',
            code: 'nu-parser-type-mismatch',
            message: 'Type mismatch: expected int, found string.',
            path: fixture('broken.nu'),
            line: 3,
            column: 20,
            length: 6,
            excerpt: '  let count: int = "many"\n                   ^^^^^^',
          },
        ]);
        return true;
      });
    }
  });

  test(`${packageName}: hostile file names are only names`, async () => {
    const { inspector, ask, folder } = await realNu(packageName);
    const names = [
      "it's",
      'a"b',
      '$HOME',
      'a\\nb',
      "'#;ls",
      '`ls`',
      '(ls)',
      '{x}',
      '~',
      '*',
      '#c',
      '-x',
      'é 日本',
      "r#'x'#",
    ];
    for (const name of names) {
      const module = join(folder, name, `m${name}.nu`);
      mkdirSync(join(folder, name));
      writeFileSync(module, 'export def hi [] { 1 }');
      assert.deepEqual(
        (await inspector.listCommands({ ...ask, module })).map((command) => command.name),
        ['hi'],
        name,
      );
    }
  });
}

test('an answer holds until one of the files it was read from changes', async () => {
  const { ask, folder } = await realNu('@nushell/linux-x64');
  const inspector = createInspector({ libraries: [nulib], scratch: folder });
  const module = join(folder, 'folder');
  cpSync(fixture('folder'), module, { recursive: true });
  const first = await inspector.listCommands({ ...ask, module });
  assert.equal(await inspector.listCommands({ ...ask, module }), first);
  writeFileSync(join(module, 'part.nu'), 'export def changed [] { 4 }\n');
  const [second, alike] = await Promise.all([
    inspector.listCommands({ ...ask, module }),
    inspector.listCommands({ ...ask, module }),
  ]);
  assert.deepEqual(
    second.map(({ name }) => name),
    ['folder', 'in-folder', 'part changed'],
  );
  assert.equal(second, alike, 'one nu answers both');
});

test('a module that is not there, is no file, or has a name Nushell reads otherwise is unreadable', async () => {
  const { inspector, ask, folder } = await realNu('@nushell/linux-x64');
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, '...'));
  writeFileSync(join(folder, '.../m.nu'), '');
  for (const module of ['/nowhere.nu', join(folder, 'empty'), '/dev/null', join(folder, '.../m.nu')]) {
    await assert.rejects(
      inspector.listCommands({ ...ask, module }),
      (error) => error instanceof Failure && error.error === 'unreadable',
      module,
    );
  }
});

test('a cancelled question ends, also while another waits for the same answer', async () => {
  const { inspector, ask } = await realNu('@nushell/linux-x64');
  const controller = new AbortController();
  const module = fixture('server.nu');
  const cancelled = inspector.listCommands({ ...ask, module, signal: controller.signal });
  const waiting = inspector.listCommands({ ...ask, module });
  controller.abort();
  await assert.rejects(cancelled, (error) => error instanceof Failure && error.error === 'request_cancelled');
  assert.ok((await waiting).length > 0);
});
