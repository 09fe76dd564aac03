import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Value } from '../../../../src/kernel/value/value.js';
import { EXAMPLE_WORKFLOW } from '../../../../src/workflow/definition/example-workflow.js';
import { loadWorkflow } from '../../../../src/workflow/definition/load-workflow.js';
import { planWorkflow } from '../../../../src/workflow/definition/plan.js';
import { fakePorts } from './fake-ports.js';

async function plan(task: readonly Value[]) {
  const { definition, diagnostics } = await loadWorkflow(
    { value: { name: 'p', task }, root: '/project' },
    fakePorts(),
  );
  assert.deepEqual(diagnostics, []);
  assert.ok(definition !== null);
  return planWorkflow(definition);
}

describe('a plan', () => {
  it('of the example of the manual', async () => {
    const source = { text: EXAMPLE_WORKFLOW, format: 'toml', path: null, root: '/project' } as const;
    const { definition } = await loadWorkflow(source, fakePorts());
    assert.ok(definition !== null);
    const { name, levels, criticalPath, tasks } = planWorkflow(definition);
    assert.deepEqual(
      { name, levels, criticalPath },
      {
        name: 'clusters/deploy',
        levels: [['network'], ['server'], ['config'], ['smoke']],
        criticalPath: ['network', 'server', 'config', 'smoke'],
      },
    );
    assert.deepEqual(tasks[1], {
      id: 'server',
      kind: 'nu',
      needs: [{ task: 'network', kind: 'hard', ifSkipped: 'skip' }],
      level: 1,
      forEach: null,
    });
    assert.equal(tasks[3]?.reason, "only when {{ inputs.infra != 'dry' }}");
  });

  it('counts the items of a literal, and says what a soft need means', async () => {
    const { tasks, levels, criticalPath } = await plan([
      { id: 'a', for_each: [1, 2, 3], exec: ['true'] },
      { id: 'b', for_each: { x: 1 }, exec: ['true'], needs: [{ task: 'a', kind: 'soft' }] },
      { id: 'c', exec: ['true'] },
      { id: 'd', exec: ['true'], needs: ['c', 'b', { task: 'absent', kind: 'optional' }] },
    ]);
    assert.deepEqual(
      tasks.map(({ id, forEach, reason, level }) => [id, forEach, reason, level]),
      [
        ['a', 3, undefined, 0],
        ['b', 1, 'after a has ended in any way', 1],
        ['c', undefined, undefined, 0],
        ['d', undefined, undefined, 2],
      ],
    );
    assert.deepEqual(levels, [['a', 'c'], ['b'], ['d']]);
    assert.deepEqual(criticalPath, ['a', 'b', 'd']);
  });
});
