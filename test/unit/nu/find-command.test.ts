import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import type { Value } from '../../../src/kernel/value/value.js';
import type { CommandSignature } from '../../../src/nu/command-signature.js';
import { findCommand, findScriptMain } from '../../../src/nu/find-command.js';

const named = (...names: string[]): CommandSignature[] =>
  names.map((name) => ({ name, description: '', parameters: [], inputOutput: [] }));

const unknown: readonly [names: string[], wanted: string, advice: string][] = [
  [['server create', 'server delete'], 'server craete', 'Did you mean "server create"?'],
  [['server', 'server create'], 'main', 'Did you mean "server"?'],
  [['server create'], 'volume attach', 'See nu/commands for what the module exports.'],
  [[], 'x', 'Write "export def" in server.nu before the commands that others may call.'],
];

test('a command is found by its exported name', () => {
  assert.equal(findCommand(named('a', 'a b'), 'a b', '/m.nu').name, 'a b');
});

test('an unknown command is answered with what was probably meant', () => {
  for (const [names, wanted, advice] of unknown) {
    assert.throws(
      () => findCommand(named(...names), wanted, '/x/server.nu'),
      (error) =>
        error instanceof Failure && error.error === 'command_unknown' && error.data.advice === advice,
      wanted,
    );
  }
});

const mains: readonly [names: string[], args: Value[], chosen: string | undefined, rest: Value[]][] = [
  [['main'], ['build', 1], 'main', ['build', 1]],
  [['main', 'main build'], ['build', 1], 'main build', [1]],
  [['main', 'main build', 'main build all'], ['build', 'all', 'x'], 'main build all', ['x']],
  [['main build'], ['other'], undefined, []],
  [['main', 'main build'], [5], 'main', [5]],
  [[], [], undefined, []],
];

test('a script chooses its main as nu does on the command line', () => {
  for (const [names, args, chosen, rest] of mains) {
    const found = findScriptMain(named(...names), args);
    assert.equal(found?.signature.name, chosen);
    if (found) assert.deepEqual(found.args, rest);
  }
});
