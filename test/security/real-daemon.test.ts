/** Threats that a client of the real daemon can try: each is refused by its name, and the daemon goes on answering. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { ErrorName } from '../../protocol/errors.js';
import { isRecord, type ValueRecord } from '../../src/kernel/value/value.js';
import { createProject } from '../fixtures/acceptance/project.js';

const refused: readonly {
  readonly threat: string;
  readonly method: string;
  readonly params: ValueRecord;
  readonly error: ErrorName;
}[] = [
  { threat: 'a file outside', method: 'file/load', params: { path: '/etc/passwd' }, error: 'outside_roots' },
  {
    threat: 'a way up',
    method: 'file/load',
    params: { path: '../../../etc/passwd' },
    error: 'outside_roots',
  },
  {
    threat: 'a link that leads out',
    method: 'file/load',
    params: { path: 'link.txt' },
    error: 'outside_roots',
  },
  { threat: 'a NUL in a path', method: 'file/load', params: { path: 'a\0.txt' }, error: 'outside_roots' },
  {
    threat: 'the environment of the daemon',
    method: 'file/load',
    params: { path: '/proc/self/environ' },
    error: 'outside_roots',
  },
  { threat: 'a FIFO', method: 'file/load', params: { path: 'fifo', format: 'text' }, error: 'unreadable' },
  { threat: 'a YAML bomb', method: 'file/load', params: { path: 'bomb.yaml' }, error: 'limit_exceeded' },
  {
    threat: 'an include from outside',
    method: 'template/render',
    params: { source: '{% include "../../../etc/passwd" %}' },
    error: 'outside_roots',
  },
  {
    threat: 'a template that doubles a string',
    method: 'template/render',
    params: { source: `{% set s = "x" %}${'{% set s = s ~ s %}'.repeat(40)}{{ s }}` },
    error: 'template_budget',
  },
  {
    threat: 'a template of endless loops',
    method: 'template/render',
    params: { source: '{% for a in range(100000) %}{% for b in range(100000) %}.{% endfor %}{% endfor %}' },
    error: 'template_budget',
  },
  {
    threat: 'a way to code',
    method: 'template/evaluate',
    params: { expression: 'a.constructor.constructor("return 1")()', context: { a: 'x' } },
    error: 'template_invalid',
  },
  {
    threat: 'an unknown method of every object',
    method: 'constructor',
    params: {},
    error: 'method_not_found',
  },
  {
    threat: 'a module outside',
    method: 'nu/call',
    params: { module: '/etc/passwd', command: 'x' },
    error: 'outside_roots',
  },
  {
    threat: 'a command that is code',
    method: 'nu/call',
    params: { module: 'echo.nu', command: 'say hi; rm -rf x' },
    error: 'command_unknown',
  },
];

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`),
].join('\n');

/** Texts that a shell or Nushell would read as code, a switch, or the end of a string. */
const hostile = [
  '$(touch pwned)',
  '; touch pwned',
  "'; touch pwned; '",
  '" + (touch pwned) + "',
  '--help',
  '-x',
  '`touch pwned`',
  '\n^touch pwned\n',
  '{{ 1 }}',
  "r#'",
  '\u001b[2J',
];

test('the real daemon', async (t) => {
  const project = createProject(t, {
    'bomb.yaml': bomb,
    'echo.nu': '# Says it again.\nexport def "say again" [text: string]: nothing -> string { $text }\n',
  });
  execFileSync('mkfifo', [project.path('fifo')]);
  symlinkSync('/etc/passwd', project.path('link.txt'));
  const { client } = project;

  for (const { threat, method, params, error } of refused) {
    await t.test(`${threat}: ${error}`, async () => {
      await assert.rejects(client.call(method, params), (thrown) => isFailure(thrown, error));
      assert.equal((await client.request('template/render', { source: 'ok' })).text, 'ok');
    });
  }

  await t.test('hostile texts go through Nushell and programs as they are', async () => {
    const definition = {
      name: 'hostile',
      inputs: { texts: { type: 'list', required: true } },
      task: [
        {
          id: 'nu',
          for_each: '{{ inputs.texts }}',
          nu: { module: 'echo.nu', command: 'say again', args: ['{{ item }}'] },
        },
        { id: 'exec', for_each: '{{ inputs.texts }}', exec: ['printf', '%s', '{{ item }}'] },
      ],
    };
    const { runId } = await client.request('workflow/submit', { definition, inputs: { texts: hostile } });
    const run = await project.ended(runId);
    assert.equal(run.state, 'succeeded', JSON.stringify(run.error));
    const [nu, exec] = run.tasks;
    assert.deepEqual(nu?.outputs, hostile);
    // Of the output of a program one newline at the end is no part.
    assert.deepEqual(
      exec?.outputs,
      hostile.map((text) => text.replace(/\n$/, '')),
    );
    assert.throws(() => statSync(project.path('pwned')), { code: 'ENOENT' });
  });

  await t.test('what a task prints cannot drive a terminal', async () => {
    const id = await project.submit({
      name: 'escape',
      task: [{ id: 'a', exec: ['printf', 'a\\033[2J\\033]0;owned\\007b'] }],
    });
    await project.ended(id);
    const { stdout } = await project.run(['logs', id, 'a']);
    assert.equal(stdout.includes('\u001b'), false, JSON.stringify(stdout));
  });

  await t.test('what a client sends stays in its request', async () => {
    const { value } = await client.request('template/evaluate', {
      expression: 'x',
      context: JSON.parse(
        '{"x": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}',
      ),
    });
    assert.ok(isRecord(value));
    assert.equal('polluted' in {}, false);
    const { value: after } = await client.request('template/evaluate', {
      expression: 'x.polluted is defined',
      context: { x: {} },
    });
    assert.equal(after, false);
  });

  await t.test('nobody else may read what is kept', async () => {
    const { rpcSocket } = await project.daemon();
    const modes = [
      project.stateDirectory,
      rpcSocket,
      project.path('.sidecar/journal'),
      project.path('.sidecar/discovery.json'),
    ].map((path) => statSync(path).mode & 0o077);
    assert.deepEqual(modes, [0, 0, 0, 0]);
    const environment = readFileSync(`/proc/${(await project.daemon()).pid}/environ`, 'utf8');
    assert.doesNotMatch(environment, /NODE_OPTIONS/);
  });
});

function isFailure(thrown: unknown, error: ErrorName): true {
  assert.ok(thrown instanceof Error && 'error' in thrown);
  assert.equal(thrown.error, error, thrown.message);
  return true;
}
