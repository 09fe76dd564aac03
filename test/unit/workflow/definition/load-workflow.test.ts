import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Diagnostic } from '../../../../protocol/diagnostic.js';
import { documentFormat } from '../../../../src/document/document.js';
import { Failure } from '../../../../src/kernel/failure.js';
import { parseJson, stringifyJson } from '../../../../src/kernel/value/json.js';
import { Float } from '../../../../src/kernel/value/value.js';
import { packageRoot } from '../../../../src/package-root.js';
import { EXAMPLE_WORKFLOW } from '../../../../src/workflow/definition/example-workflow.js';
import { loadWorkflow } from '../../../../src/workflow/definition/load-workflow.js';
import { workflowDefinitionSchema } from '../../../../state/definition.js';
import { fakePorts } from './fake-ports.js';

const folder = join(packageRoot(), 'test', 'fixtures', 'workflows', 'findings');

/** A finding as the fixtures hold it: place, rule and sentence, then the excerpt, then what was expected, what came and what to do. */
function show(finding: Diagnostic): string {
  return [
    `${finding.line}:${finding.column} ${finding.code}: ${finding.message} [${finding.key ?? ''}]`,
    ...(finding.excerpt ?? '').split('\n').map((line) => `  | ${line}`.trimEnd()),
    ...(finding.expected === undefined ? [] : [`  expected ${finding.expected}`]),
    ...(finding.got === undefined ? [] : [`  got      ${finding.got}`]),
    ...(finding.advice === undefined ? [] : [`  advice   ${finding.advice}`]),
  ].join('\n');
}

const load = (name: string, text: string) =>
  loadWorkflow(
    { text, format: documentFormat(name) ?? 'toml', path: `/project/workflows/${name}`, root: '/project' },
    fakePorts(),
  );

describe('every finding of an invalid file comes at once, with its place', () => {
  for (const name of readdirSync(folder).filter((file) => !file.endsWith('.txt'))) {
    it(name, async () => {
      const { definition, diagnostics } = await load(name, readFileSync(join(folder, name), 'utf8'));
      assert.equal(definition, null);
      assert.equal(
        `${diagnostics.map(show).join('\n\n')}\n`,
        readFileSync(join(folder, `${name}.txt`), 'utf8'),
      );
    });
  }
});

describe('a valid file', () => {
  it('the example of the manual becomes a definition with every default filled in', async () => {
    const { definition, diagnostics } = await load('example.toml', EXAMPLE_WORKFLOW);
    assert.deepEqual(diagnostics, []);
    assert.ok(definition !== null);
    assert.deepEqual(workflowDefinitionSchema.parse(definition), definition);
    assert.deepEqual(
      { ...definition, tasks: definition.tasks.filter(({ id }) => id === 'server') },
      {
        name: 'clusters/deploy',
        description: 'Network, servers, then their configuration',
        root: '/project',
        file: '/project/workflows/example.toml',
        maxParallel: 4,
        timeoutMs: 1_800_000,
        onFailure: 'fail',
        overlap: 'queue',
        runningSiblings: 'finish',
        inputs: {
          infra: { type: 'string', required: true },
          servers: { type: 'list', required: false, default: ['web-1', 'web-2'] },
        },
        tasks: [
          {
            id: 'server',
            needs: [{ task: 'network', kind: 'hard', ifSkipped: 'skip' }],
            forEach: '{{ inputs.servers }}',
            maxParallel: 2,
            action: {
              kind: 'nu',
              module: 'nulib/server.nu',
              command: 'server create',
              args: ['{{ item }}'],
              flags: { network: '{{ tasks.network.output.id }}' },
            },
            env: {},
            isolated: false,
            idempotent: false,
            allowFailure: false,
            labels: {},
            retry: { attempts: 3, backoff: 'exponential', initialMs: 1000, maxMs: 30_000, jitter: true },
            timeoutMs: 300_000,
            graceMs: 5000,
          },
        ],
      },
    );
  });

  const SAME = {
    'same.toml': `name = "same"
[[task]]
id = "a"
for_each = [1, 2.0, "{{ inputs }}"]
exec = ["echo", "{{ item }}"]
input = { when = 2026-01-02T03:04:05Z }
`,
    'same.json': `{"name": "same", "task": [{"id": "a", "for_each": [1, 2.0, "{{ inputs }}"],
      "exec": ["echo", "{{ item }}"], "input": {"when": "2026-01-02T03:04:05+00:00"}}]}`,
    'same.yaml': `name: same
task:
  - id: a
    for_each: [1, 2.0, "{{ inputs }}"]
    exec: [echo, "{{ item }}"]
    input: {when: "2026-01-02T03:04:05+00:00"}
`,
    'same.nuon': `{name: same, task: [{id: a, for_each: [1, 2.0, "{{ inputs }}"], exec: [echo, "{{ item }}"],
      input: {when: "2026-01-02T03:04:05+00:00"}}]}`,
  };
  for (const [name, text] of Object.entries(SAME)) {
    it(`${documentFormat(name)} loads to the same definition, in JSON form`, async () => {
      const { definition, diagnostics } = await load(name, text);
      assert.deepEqual(diagnostics, []);
      assert.ok(definition !== null);
      const [task] = definition.tasks;
      assert.deepEqual(task?.forEach, [1, new Float(2), '{{ inputs }}']);
      assert.deepEqual(task?.input, { when: '2026-01-02T03:04:05+00:00' });
      assert.deepEqual(parseJson(stringifyJson(task?.forEach ?? null)), task?.forEach);
    });
  }

  it('a definition that comes as a value needs no text, and its findings name the key alone', async () => {
    const value = { name: 'wire', task: [{ id: 'a', exec: ['true'], needs: ['b'] }] };
    const { definition, diagnostics } = await loadWorkflow({ value, root: '/project' }, fakePorts());
    assert.equal(definition, null);
    assert.deepEqual(diagnostics, [
      {
        severity: 'error',
        code: 'unknown-need',
        message: 'Task "a" needs "b", which is no task of this file',
        expected: 'the id of a task',
        got: '"b"',
        advice: 'Did you mean "a"?',
        key: 'task[0].needs[0]',
      },
    ]);
    const fine = await loadWorkflow(
      { value: { name: 'wire', task: [{ id: 'a', exec: ['true'] }] }, root: '/p' },
      fakePorts(),
    );
    assert.equal(fine.definition?.file, null);
  });

  it('asks each module for its commands once, however many tasks use it', async () => {
    const asked: string[] = [];
    const task = (id: string) => ({
      id,
      nu: { module: 'nulib/server.nu', command: 'server create', args: ['x'] },
    });
    const value = { name: 'many', task: Array.from({ length: 50 }, (_, index) => task(`t${index}`)) };
    await loadWorkflow({ value, root: '/project' }, fakePorts(asked));
    assert.deepEqual(asked, ['/project/nulib/server.nu']);
  });

  it('no nu is no fault of the workflow: the failure of the port comes through', async () => {
    const missing = new Failure('nu_missing', 'There is no nu.');
    const ports = { ...fakePorts(), exportedCommands: () => Promise.reject(missing) };
    const source = { text: EXAMPLE_WORKFLOW, format: 'toml', path: null, root: '/project' } as const;
    await assert.rejects(loadWorkflow(source, ports), missing);
  });

  it('loads ten thousand tasks in a chain in which each uses the first', async () => {
    const task = Array.from({ length: 10_000 }, (_, index) => ({
      id: `t${index}`,
      needs: index === 0 ? [] : [`t${index - 1}`],
      exec: ['echo', index === 0 ? 'x' : '{{ tasks.t0.output }}'],
    }));
    const { definition, diagnostics } = await loadWorkflow(
      { value: { name: 'large', task }, root: '/project' },
      fakePorts(),
    );
    assert.deepEqual(diagnostics, []);
    assert.equal(definition?.tasks.length, 10_000);
  });
});
