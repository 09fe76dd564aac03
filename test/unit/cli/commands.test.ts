import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { Command } from 'commander';
import type { CliHost } from '../../../src/cli/host.js';
import { createProgram } from '../../../src/cli/program.js';

const host: CliHost = {
  args: [],
  env: {},
  cwd: '/',
  home: '/',
  uid: 0,
  pid: 1,
  parentPid: () => 1,
  platform: 'linux',
  nodeVersion: '20.20.0',
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  signals: process,
  program: ['node', 'main.js'],
  createSidecar: () => Promise.reject(new Error('No daemon here.')),
};

const program = createProgram(host);

function leaves(command: Command): readonly Command[] {
  const visible = command.commands.filter((each) => !each.name().startsWith('__'));
  return visible.flatMap((each) => (each.commands.length > 0 ? leaves(each) : [each]));
}

test('the commands of the manual are there', () => {
  assert.deepEqual(
    program.commands.map((command) => command.name()).filter((name) => !name.startsWith('__')),
    [
      'run',
      'validate',
      'plan',
      'runs',
      'logs',
      'events',
      'cancel',
      'render',
      'open',
      'call',
      'start',
      'stop',
      'status',
      'doctor',
      'serve',
      'stdio',
      'init',
      'completion',
      'version',
    ],
  );
});

/** These print no value: a script, a log, a protocol. */
const withoutJson = new Set(['serve', 'stdio', 'completion']);

for (const command of leaves(program)) {
  test(`${command.name()} is summed up, teaches by its help, and prints JSON where it prints a value`, () => {
    assert.notEqual(command.summary(), '');
    let help = '';
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    const teaches = /Examples?:\n|Exit codes:/.test(help) || command.registeredArguments.length === 0;
    assert.equal(teaches, true, help);
    assert.equal(help.includes('--json'), !withoutJson.has(command.name()), help);
    for (const argument of command.registeredArguments)
      assert.notEqual(argument.description, '', argument.name());
  });
}
