/** What a wrong workflow file, a missing Nushell or a second daemon is answered with, and that nothing runs then. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { isRecord } from '../../src/kernel/value/value.js';
import { LATER_KEYS, LATER_VALUES } from '../../src/workflow/definition/later-keys.js';
import { createProject, errorName, processesOf } from '../fixtures/acceptance/project.js';

const network = `# Makes a network.
export def "network create" [name: string, --zone: string] { touch ran; { id: $name, zone: $zone } }
`;

const wrongFile = `name = "wrong"

[[task]]
id = "first"
exec = ["touch", "ran"]

[[task]]
id = "a"
needs = ["b"]
exec = ["touch", "ran"]

[[task]]
id = "b"
needs = ["a"]
exec = ["touch", "ran"]

[[task]]
id = "unknown"
needs = ["frist"]
exec = ["true"]

[[task]]
id = "key"
exec = ["true"]
retires = 3

[[task]]
id = "duration"
exec = ["true"]
timeout = "5 minutes"

[[task]]
id = "command"
nu = { module = "network.nu", command = "network crate", args = ["n"] }

[[task]]
id = "flag"
nu = { module = "network.nu", command = "network create", args = ["n"], flags = { zoen = "z" } }

[[task]]
id = "outside"
exec = ["echo", "{{ tasks.first.output }}"]
`;

/** What is wrong with the file: the place of each finding, the text under the caret, what was expected, and what to do. */
const findings = [
  {
    name: 'a cycle',
    place: /wrong\.toml:9:\d+/,
    says: /a → b → a|b → a → b|a -> b -> a/,
    excerpt: 'needs = ["b"]',
    cure: /Remove|break/i,
  },
  {
    name: 'an unknown id',
    place: /wrong\.toml:19:10/,
    says: /frist/,
    excerpt: 'needs = ["frist"]',
    cure: /first/,
  },
  { name: 'an unknown key', place: /wrong\.toml:25:1/, says: /retires/, excerpt: 'retires = 3', cure: /./ },
  {
    name: 'a bad duration',
    place: /wrong\.toml:30:11/,
    says: /5 minutes|duration/,
    excerpt: 'timeout = "5 minutes"',
    cure: /./,
  },
  {
    name: 'an unknown command',
    place: /wrong\.toml:34:\d+/,
    says: /network crate/,
    excerpt: 'command = "network crate"',
    cure: /network create/,
  },
  {
    name: 'a wrong flag',
    place: /wrong\.toml:38:\d+/,
    says: /zoen/,
    excerpt: 'flags = { zoen = "z" }',
    cure: /zone/,
  },
  {
    name: 'a task outside the needs',
    place: /wrong\.toml:42:\d+/,
    says: /first/,
    excerpt: '{{ tasks.first.output }}',
    cure: /needs/,
  },
] as const;

test('a wrong workflow file', async (t) => {
  const project = createProject(t, { 'network.nu': network, 'wrong.toml': wrongFile });
  const { code, stdout, stderr } = await project.run(['run', 'wrong.toml']);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, stderr);
  const blocks = stderr.split(/\n\n/);
  for (const { name, place, says, excerpt, cure } of findings) {
    await t.test(`${name} is told with its place, excerpt, and cure`, () => {
      const block = blocks.find((candidate) => place.test(candidate));
      assert.ok(block, `a finding at ${place}:\n${stderr}`);
      assert.match(block, says);
      assert.ok(block.includes(excerpt), block);
      assert.match(block, /\^/);
      assert.match(block, /expected:?/);
      assert.match(block.split(/\^+/).at(-1) ?? '', cure);
    });
  }
  await t.test('--json is one document with every finding', async () => {
    const told = await project.json(['run', 'wrong.toml']);
    assert.deepEqual(
      { code: told.code, stderr: told.stderr, error: errorName(told) },
      { code: 2, stderr: '', error: 'workflow_invalid' },
    );
    const { error } = told.document;
    assert.ok(isRecord(error) && Array.isArray(error['diagnostics']));
    assert.equal(error['diagnostics'].length, findings.length);
  });
  await t.test('nothing ran', async () => {
    assert.deepEqual((await project.client.request('run/list', {})).runs, []);
    assert.equal(existsSync(project.path('ran')), false);
    const { pid } = await project.daemon();
    assert.deepEqual(
      processesOf(project.folder).map((found) => found.pid),
      [pid],
    );
  });
});

const exec = { exec: ['true'] };
const places: Readonly<Record<keyof typeof LATER_KEYS, (key: string, value: unknown) => object>> = {
  workflow: (key, value) => ({ name: 'later', [key]: value, task: [{ id: 'a', ...exec }] }),
  task: (key, value) => ({ name: 'later', task: [{ id: 'a', ...exec, [key]: value }] }),
  retry: (key, value) => ({ name: 'later', task: [{ id: 'a', ...exec, retry: { [key]: value } }] }),
  input: (key, value) => ({ name: 'later', inputs: { i: { [key]: value } }, task: [{ id: 'a', ...exec }] }),
};

test('keys and values of later versions are refused, each by its name', async (t) => {
  const project = createProject(t);
  const rows = [
    ...Object.entries(LATER_KEYS).flatMap(([place, keys]) =>
      keys.map((key) => ({ name: `${place} ${key}`, key, definition: definitionWith(place, key, 1) })),
    ),
    ...Object.entries(LATER_VALUES).flatMap(([key, values]) =>
      values.map((value) => ({
        name: `${key} = ${value}`,
        key,
        definition: definitionWith(key === 'on_crash' ? 'task' : 'workflow', key, value),
      })),
    ),
  ];
  assert.ok(rows.length > 30);
  for (const { name, key, definition } of rows) {
    await t.test(name, async () => {
      const { valid, diagnostics } = await project.client.request('workflow/validate', { definition });
      assert.equal(valid, false);
      const finding = diagnostics.find(({ code }) => code === 'later-version');
      assert.ok(finding, JSON.stringify(diagnostics));
      assert.match(finding.message, new RegExp(`\\b${key}\\b.*not of this version`));
      await assert.rejects(project.submit(definition), { error: 'workflow_invalid' });
    });
  }
});

function definitionWith(place: string, key: string, value: string | number) {
  const make = place === 'task' || place === 'retry' || place === 'input' ? places[place] : places.workflow;
  return JSON.parse(JSON.stringify(make(key, value)));
}

const flows = {
  'nu.toml': 'name = "nu"\n[[task]]\nid = "a"\ncode = "touch ran"\n',
  'exec.toml': 'name = "exec"\n[[task]]\nid = "a"\nexec = ["true"]\n',
};

const missingNu = [
  { name: 'a nu that is not there', path: 'bin/nu', says: /Nushell was not found at \S+bin\/nu/ },
  { name: 'a program that is no nu', path: '/bin/true', says: /\/bin\/true is version unknown/ },
] as const;

for (const { name, path, says } of missingNu) {
  test(`${name}: exit 3 and one sentence with the cure`, async (t) => {
    const project = createProject(t, { ...flows, 'sidecar.toml': `[nu]\npath = "${path}"\n` });
    const { code, stdout, stderr } = await project.run(['run', 'nu.toml']);
    assert.deepEqual({ code, stdout }, { code: 3, stdout: '' }, stderr);
    assert.match(stderr, says);
    assert.match(stderr, /Install Nushell .* or name its program under \[nu\] path in sidecar\.toml/i);
    const told = await project.json(['run', 'nu.toml']);
    assert.deepEqual({ code: told.code, error: errorName(told) }, { code: 3, error: 'nu_missing' });
    // What needs no Nushell runs without it.
    assert.equal((await project.run(['run', 'exec.toml'])).code, 0);
    assert.deepEqual(
      (await project.client.request('run/list', {})).runs.map(({ workflow }) => workflow),
      ['exec'],
    );
    assert.equal(existsSync(project.path('ran')), false);
  });
}

test('a second daemon on the same state is refused with the pid of the first', async (t) => {
  const project = createProject(t, flows);
  await project.run(['start']);
  const { pid } = await project.daemon();
  for (const args of [['serve'], ['stdio', '--standalone']]) {
    const { code, stdout, stderr } = await project.run(args);
    assert.deepEqual({ code, stdout }, { code: 73, stdout: '' }, stderr);
    assert.match(stderr, new RegExp(`pid ${pid}\\b`));
  }
  assert.equal((await project.run(['run', 'exec.toml'])).code, 0);
  assert.equal((await project.daemon()).pid, pid);
});
