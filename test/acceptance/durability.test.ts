/** What a restart of the daemon finds again, whether it was stopped or killed. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ValueRecord } from '../../src/kernel/value/value.js';
import { createProject } from '../fixtures/acceptance/project.js';
import { until } from '../fixtures/daemon/workspace.js';

/** Writes down that it started, and waits for its permission to end. */
const waiting = (name: string): ValueRecord => ({
  exec: ['sh', '-c', `echo x >> ${name}.starts; until [ -e ${name}.go ]; do sleep 0.02; done; echo ${name}`],
});

test('a stop in the middle of runs', async (t) => {
  const project = createProject(t);
  const starts = (name: string) =>
    existsSync(project.path(`${name}.starts`))
      ? readFileSync(project.path(`${name}.starts`), 'utf8').length / 2
      : 0;
  const flow = (name: string, more: ValueRecord = {}): ValueRecord => ({
    name,
    task: [
      { id: 'a', ...waiting(name), ...more },
      { id: 'b', needs: ['a'], exec: ['echo', '{{ tasks.a.output }}!'] },
    ],
  });

  await t.test('lets what runs finish, and the next daemon goes on behind it', async () => {
    const id = await project.submit(flow('finishing'));
    await until('the task to run', () => starts('finishing') === 1);
    const { pid } = await project.daemon();
    const stopping = project.start(['stop', '--json']);
    const log = project.path('.sidecar/daemon.log');
    await until('the daemon to drain', () => readFileSync(log, 'utf8').includes('the daemon is ending'));
    project.write('finishing.go', '');
    const { code, stdout } = await stopping.finished;
    assert.deepEqual([code, JSON.parse(stdout)], [0, { stopped: true, pid }]);
    const run = await project.ended(id);
    assert.deepEqual(
      run.tasks.map(({ state, attempts, output }) => ({ state, attempts, output })),
      [
        { state: 'succeeded', attempts: 1, output: 'finishing' },
        { state: 'succeeded', attempts: 1, output: 'finishing!' },
      ],
    );
    assert.equal(starts('finishing'), 1);
  });

  await t.test('ends what does not finish in time: run again only where that is allowed', async () => {
    const again = await project.submit(flow('again', { idempotent: true }));
    const once = await project.submit(flow('once'));
    await until('both tasks to run', () => starts('again') === 1 && starts('once') === 1);
    assert.equal((await project.run(['stop', '--drain-timeout', '100ms'])).code, 0);
    project.write('again.go', '');
    project.write('once.go', '');
    const repeated = await project.ended(again);
    const lost = await project.ended(once);
    assert.deepEqual([repeated.state, starts('again')], ['succeeded', 2]);
    assert.deepEqual([lost.state, starts('once')], ['failed', 1]);
    assert.deepEqual(
      lost.tasks.map(({ state }) => state),
      ['lost', 'skipped'],
    );
  });
});

test('kill -9 between the parts of runs', async (t) => {
  const project = createProject(t);
  const { client } = project;

  await t.test('an output over 64 KiB is read by dependents, before and after', async () => {
    const id = await project.submit({
      name: 'large',
      task: [
        { id: 'make', code: '1..40000 | each { $in } | append ("é" | fill --character "é" --width 100000)' },
        { id: 'now', needs: ['make'], input: '{{ tasks.make.output }}', code: '$in | length' },
        { id: 'gate', needs: ['now'], idempotent: true, ...waiting('large') },
        {
          id: 'use',
          needs: ['gate'],
          input: '{{ tasks.make.output }}',
          code: '[($in | length) ($in | last | str length --grapheme-clusters) ($in | first)]',
        },
      ],
    });
    await until('the output to be made', () => existsSync(project.path('large.starts')));
    const [made, now] = (await project.get(id)).tasks;
    assert.deepEqual([now?.output, Array.isArray(made?.output) && made.output.length], [40_001, 40_001]);
    await project.kill();
    project.write('large.go', '');
    const run = await project.ended(id);
    assert.deepEqual(run.tasks[3]?.output, [40_001, 100_000, 1], JSON.stringify(run.tasks[3]?.error));
    assert.deepEqual(run.tasks[0]?.output, made?.output);
  });

  await t.test('a for_each goes on with the items that are left', async () => {
    const id = await project.submit({
      name: 'each',
      task: [
        {
          id: 'item',
          for_each: '{{ range(20) }}',
          max_parallel: 2,
          idempotent: true,
          exec: [
            'sh',
            '-c',
            'echo x >> item.$0; [ $0 -lt 10 ] || until [ -e each.go ]; do sleep 0.02; done; echo $0',
            '{{ item }}',
          ],
        },
        { id: 'sum', needs: ['item'], input: '{{ tasks.item.outputs }}', code: '$in | into int | math sum' },
      ],
    });
    await until(
      'half of the items to be done',
      async () => ((await project.get(id)).tasks[0]?.counts?.succeeded ?? 0) >= 10,
    );
    const known =
      (await client.request('run/get', { runId: id, items: { taskId: 'item' } })).tasks[0]?.items ?? [];
    await project.kill();
    project.write('each.go', '');
    const run = await project.ended(id);
    assert.deepEqual([run.state, run.tasks[1]?.output], ['succeeded', 190]);
    for (const { index, state } of known) {
      if (state === 'succeeded') assert.equal(readFileSync(project.path(`item.${index}`), 'utf8'), 'x\n');
    }
  });

  await t.test('10,000 tasks in a definition of more than 1 MiB', async () => {
    const task = Array.from({ length: 10_000 }, (_, index) => ({
      id: `t${index}`,
      description: `Task ${index} of many, described at a length that makes the whole definition a large one.`,
      idempotent: true,
      ...(index >= 100 ? { needs: [`t${index - 100}`] } : {}),
      call: { method: 'template/render', params: { source: 'x' } },
    }));
    assert.ok(JSON.stringify(task).length > 1024 * 1024);
    const id = await project.submit({ name: 'wide', task });
    await until('some tasks to be done', async () =>
      (await client.request('run/events', { runId: id, limit: 1000 })).events.some(
        ({ type }) => type === 'attempt.finished',
      ),
    );
    await project.kill();
    const run = await project.ended(id);
    assert.equal(run.state, 'succeeded');
    assert.equal(run.tasks.filter(({ state }) => state === 'succeeded').length, 10_000);
  });

  await t.test('idempotency keys and the keys of users are still known', async () => {
    const definition = { name: 'keyed', task: [{ id: 'a', exec: ['true'] }] };
    const id = await project.submit(definition, { idempotencyKey: 'k' });
    await client.request('state/put', { key: 'deployed', value: { version: 3, big: 2n ** 60n + 1n } });
    await client.request('state/put', { key: 'gone', value: true });
    await client.request('state/delete', { key: 'gone' });
    await project.kill();
    assert.equal(await project.submit(definition, { idempotencyKey: 'k' }), id);
    await assert.rejects(project.submit({ ...definition, name: 'other' }, { idempotencyKey: 'k' }), {
      error: 'conflict',
    });
    assert.deepEqual((await client.request('state/get', { key: 'deployed' })).value, {
      version: 3,
      big: 2n ** 60n + 1n,
    });
    assert.deepEqual(
      (await client.request('state/list', {})).entries.map(({ key }) => key),
      ['deployed'],
    );
  });

  await t.test('finished runs are listed in pages, newest first', async () => {
    const submitted: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      submitted.push(
        await project.submit({ name: 'paged', task: [{ id: 'a', call: { method: 'file/formats' } }] }),
      );
    }
    for (const id of submitted) await project.ended(id);
    await project.kill();
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.request('run/list', {
        workflow: 'paged',
        limit: 10,
        ...(cursor === undefined ? {} : { cursor }),
      });
      listed.push(...page.runs.map((run) => run.id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    assert.deepEqual(listed, submitted.reverse());
    const told = await project.json(['runs', '--workflow', 'paged', '--limit', '3']);
    assert.deepEqual(
      JSON.parse(JSON.stringify(told.document)).runs.map((run: { id: string }) => run.id),
      listed.slice(0, 3),
    );
  });
});
