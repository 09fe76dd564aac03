/** The command line as a whole: help, JSON of every command, completion in real shells, `init`, and `doctor`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRecord } from '../../src/kernel/value/value.js';
import { packageRoot } from '../../src/package-root.js';
import { createProject, type Project } from '../fixtures/acceptance/project.js';

const nu = join(packageRoot(), 'node_modules/@nushell/linux-x64/bin/nu');
const files = {
  'flow.toml':
    'name = "flow"\n[inputs.n]\ntype = "int"\ndefault = 1\n[[task]]\nid = "first"\nexec = ["echo", "{{ inputs.n }}"]\n[[task]]\nid = "second"\nneeds = ["first"]\nexec = ["true"]\n',
  'hello.j2': 'Hello {{ name }}!',
};

/** Every command, by the words that lead to it; `rows` is what its JSON holds a list of. */
const commands = [
  { words: ['run'], args: ['flow.toml'], keys: ['id', 'state', 'tasks'] },
  { words: ['validate'], args: ['flow.toml'], keys: ['valid', 'diagnostics'] },
  { words: ['plan'], args: ['flow.toml'], keys: ['levels', 'tasks'] },
  { words: ['runs', 'list'], args: [], keys: ['runs'] },
  { words: ['runs', 'show'], args: ['RUN'], keys: ['id', 'tasks'] },
  { words: ['logs'], args: ['RUN'], keys: ['entries'] },
  { words: ['events'], args: ['RUN'], keys: ['events'] },
  { words: ['cancel'], args: ['RUN'], keys: ['error'] },
  { words: ['render'], args: ['hello.j2', '--context', '{"name": "x"}'], keys: ['text'] },
  { words: ['open'], args: ['flow.toml'], keys: ['value'] },
  { words: ['call'], args: ['sidecar/status'], keys: ['health'] },
  { words: ['status'], args: [], keys: ['running'] },
  { words: ['doctor'], args: [], keys: ['healthy', 'checks'] },
  { words: ['version'], args: [], keys: ['version'] },
  { words: ['init'], args: ['sub'], keys: ['path'] },
  { words: ['start'], args: [], keys: ['pid'] },
  { words: ['stop'], args: [], keys: ['stopped'] },
  { words: ['serve'], args: null, keys: [] },
  { words: ['stdio'], args: null, keys: [] },
  { words: ['completion'], args: null, keys: [] },
] as const;

test('every command', async (t) => {
  const project = createProject(t, { ...files, 'sub/keep': '' });
  const runId = await project.submit({ name: 'before', task: [{ id: 'a', exec: ['echo', 'hi'] }] });
  await project.ended(runId);
  for (const { words, args, keys } of commands) {
    await t.test(`${words.join(' ')}: its help teaches by an example`, async () => {
      const { code, stdout } = await project.run([...words, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, /^Examples?:\n {2}.*nu-sidecar/m);
    });
    if (args === null) continue;
    await t.test(`${words.join(' ')}: --json prints one document`, async () => {
      const given = args.map((arg) => (arg === 'RUN' ? runId : arg));
      const { document, stderr } = await project.json([...words, ...given]);
      assert.equal(stderr, '');
      const found = Object.keys(document);
      for (const key of keys) assert.ok(found.includes(key), `${key} in ${found.join(', ')}`);
    });
  }
  await t.test('no command is left out here', async () => {
    const { stdout } = await project.run(['--help']);
    const named = [...stdout.matchAll(/^ {2}([a-z]+)(?: | {2,})/gm)].map(([, name]) => name);
    const covered: readonly string[] = [...commands.map(({ words }) => words[0]), 'help'];
    assert.deepEqual(
      named.filter((name) => name !== undefined && !covered.includes(name)),
      [],
    );
  });
});

test('completion', async (t) => {
  const project = createProject(t, files);
  const runId = await project.submit({
    name: 'done',
    task: [
      { id: 'alpha', exec: ['true'] },
      { id: 'beta', exec: ['true'] },
    ],
  });
  await project.ended(runId);
  const script = async (shell: string): Promise<string> => {
    const { code, stdout } = await project.run(['completion', shell]);
    assert.equal(code, 0);
    project.write(`completion.${shell}`, stdout);
    return project.path(`completion.${shell}`);
  };

  await t.test('bash parses its script and completes commands, runs and tasks', async () => {
    const path = await script('bash');
    execFileSync('bash', ['-n', path]);
    const complete = (...words: readonly string[]) => {
      const line = ['nu-sidecar', ...words].map((word) => `'${word}'`).join(' ');
      const command = `source "$0"; COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _nu_sidecar; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return shell(project, 'bash', ['-c', command, path]).trim().split('\n');
    };
    assert.deepEqual(complete('val'), ['validate']);
    assert.deepEqual(complete('logs', ''), [runId]);
    assert.deepEqual(complete('logs', runId, ''), ['alpha', 'beta']);
    assert.deepEqual(complete('logs', runId, 'b'), ['beta']);
  });

  await t.test('Nushell parses its module and completes runs', async () => {
    const path = await script('nu');
    const command = `use ${path}; do $env.config.completions.external.completer [nu-sidecar logs ""] | to json --raw`;
    const [candidate] = JSON.parse(shell(project, nu, ['--no-config-file', '-c', command]));
    assert.equal(candidate.value, runId);
    assert.match(candidate.description, /done succeeded/);
  });

  await t.test('zsh and fish get a script that asks this program', async () => {
    for (const name of ['zsh', 'fish']) {
      const { stdout } = await project.run(['completion', name]);
      assert.match(stdout, /nu-sidecar __complete --/);
    }
  });
});

/** Runs a shell in the project's folder, with this program on its PATH as `nu-sidecar`. */
function shell(project: Project, program: string, args: readonly string[]): string {
  project.write(
    'bin/nu-sidecar',
    `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, '../../src/main.js')}" "$@"\n`,
  );
  execFileSync('chmod', ['700', project.path('bin/nu-sidecar')]);
  return execFileSync(program, args, {
    cwd: project.folder,
    env: {
      PATH: `${project.path('bin')}:${process.env['PATH'] ?? ''}`,
      HOME: project.folder,
      XDG_RUNTIME_DIR: '',
    },
    encoding: 'utf8',
    timeout: 30_000,
  });
}

test('init writes a file that loads, and leaves one that is there alone', async (t) => {
  const project = createProject(t, files);
  rmSync(project.path('sidecar.toml'));
  assert.equal((await project.run(['init'])).code, 0);
  const ran = await project.json(['run', 'flow.toml', '--input', 'n=7']);
  assert.equal(ran.code, 0, ran.stderr);
  const again = await project.json(['init']);
  assert.equal(again.code, 2);
  assert.match(JSON.stringify(again.document), /exists already/);
});

/** What is broken, and which check of doctor says so. */
const broken: readonly {
  readonly name: string;
  readonly check: string;
  readonly status: 'note' | 'problem';
  readonly says: RegExp;
  readonly damage: (project: Project) => void | Promise<void>;
}[] = [
  {
    name: 'a misspelt key of sidecar.toml',
    check: 'settings',
    status: 'problem',
    says: /sidecar\.toml:1:2.*daemon/s,
    damage: (project) => project.write('sidecar.toml', '[daemn]\nidle_timeout = "1h"\n'),
  },
  {
    name: 'a sidecar.toml that is no TOML',
    check: 'settings',
    status: 'problem',
    says: /sidecar\.toml:1:\d/,
    damage: (project) => project.write('sidecar.toml', 'name = \n'),
  },
  {
    name: 'no nu',
    check: 'nushell',
    status: 'problem',
    says: /was not found at .*Install Nushell/s,
    damage: (project) => project.write('sidecar.toml', '[nu]\npath = "absent/nu"\n'),
  },
  {
    name: 'a lock and a socket of a killed daemon',
    check: 'lock',
    status: 'note',
    says: /killed; the next one recovers/,
    damage: async (project) => {
      await project.run(['start']);
      await project.kill();
    },
  },
  {
    name: 'a dead socket',
    check: 'socket',
    status: 'note',
    says: /left by a sidecar that was killed/,
    damage: () => undefined,
  },
  {
    name: 'something else where the socket belongs',
    check: 'socket',
    status: 'problem',
    says: /is no socket/,
    damage: (project) => {
      rmSync(project.path('.sidecar/rpc.sock'), { force: true });
      writeFileSync(project.path('.sidecar/rpc.sock'), 'precious');
    },
  },
  {
    name: 'a state directory that is no directory',
    check: 'state directory',
    status: 'problem',
    says: /no directory.*--state-dir/s,
    damage: (project) => {
      renameSync(project.path('.sidecar'), project.path('aside'));
      writeFileSync(project.path('.sidecar'), '');
    },
  },
];

test('doctor', async (t) => {
  const project = createProject(t, files);
  const healthy = await project.json(['doctor']);
  assert.deepEqual([healthy.code, healthy.document['healthy']], [0, true]);
  for (const { name, check, status, says, damage } of broken) {
    await t.test(`finds ${name}`, async () => {
      project.write('sidecar.toml', '');
      await damage(project);
      const { code, document } = await project.json(['doctor']);
      const { checks } = document;
      assert.ok(Array.isArray(checks));
      const found = checks.find((candidate) => isRecord(candidate) && candidate['name'] === check);
      assert.ok(isRecord(found), check);
      assert.equal(found['status'], status, JSON.stringify(found));
      assert.match(`${found['message']}\n${found['cure'] ?? ''}`, says);
      assert.equal(code, status === 'problem' ? 1 : 0);
    });
  }
  rmSync(project.path('.sidecar'));
  renameSync(project.path('aside'), project.path('.sidecar'));
});
