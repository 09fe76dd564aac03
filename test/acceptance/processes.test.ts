/** What happens to the processes of tasks: timeouts, cancels, retries, and what a success leaves. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ValueRecord } from '../../src/kernel/value/value.js';
import { createProject, type Project } from '../fixtures/acceptance/project.js';
import { isAlive, until } from '../fixtures/daemon/workspace.js';

const sh = (script: string): ValueRecord => ({ exec: ['sh', '-c', script] });

/** Leaves two processes, one in the group and one that left it, writes down all three, and waits. */
const tree = (name: string): ValueRecord =>
  sh(
    `sleep 600 & echo $! >> ${name}.pids; setsid sleep 600 & echo $! >> ${name}.pids; echo $$ >> ${name}.pids; wait`,
  );

function pidsOf(project: Project, name: string): readonly number[] {
  const path = project.path(`${name}.pids`);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number) : [];
}

/** Workflows whose processes are all gone when the run has ended, whatever they tried. */
const swept = [
  {
    name: 'attempt-timeout',
    workflow: {
      task: [
        {
          id: 'a',
          timeout: '400ms',
          retry: { attempts: 2, initial: '1ms', jitter: false },
          ...tree('attempt-timeout'),
        },
      ],
    },
    pids: 6,
    state: 'failed',
    task: { state: 'failed', attempts: 2 },
    why: /timed out|timeout/i,
  },
  {
    name: 'run-timeout',
    workflow: {
      timeout: '400ms',
      task: [
        { id: 'a', ...tree('run-timeout') },
        { id: 'b', needs: ['a'], ...sh('true') },
      ],
    },
    pids: 3,
    state: 'failed',
    task: { state: 'cancelled', attempts: 1 },
    why: /timeout/i,
  },
  {
    name: 'failure',
    workflow: {
      task: [
        {
          id: 'a',
          ...sh('setsid sleep 600 & echo $! >> failure.pids; sleep 600 & echo $! >> failure.pids; exit 3'),
        },
      ],
    },
    pids: 2,
    state: 'failed',
    task: { state: 'failed', attempts: 1 },
    why: /\b3\b/,
  },
] as const;

test('processes of tasks', async (t) => {
  const project = createProject(t);
  const { client } = project;

  await t.test('swept with their attempt', async (t) => {
    const runs = await Promise.all(
      swept.map(async (row) => ({ row, id: await project.submit({ name: row.name, ...row.workflow }) })),
    );
    for (const { row, id } of runs) {
      await t.test(row.name, async () => {
        const run = await project.ended(id);
        const [task] = run.tasks;
        assert.deepEqual(
          { run: run.state, state: task?.state, attempts: task?.attempts },
          { run: row.state, ...row.task },
        );
        assert.match(JSON.stringify([run.reason, run.error, task?.error]), row.why);
        const pids = pidsOf(project, row.name);
        assert.equal(pids.length, row.pids);
        assert.deepEqual(pids.filter(isAlive), []);
      });
    }
  });

  await t.test('a cancel sweeps, servers that left the group included', async () => {
    const id = await project.submit({ name: 'cancel', task: [{ id: 'a', ...tree('cancel') }] });
    await until('the tree to be there', () => pidsOf(project, 'cancel').length === 3);
    const told = await project.json(['cancel', id]);
    assert.equal(told.code, 0, told.stderr);
    assert.equal((await project.ended(id)).state, 'cancelled');
    assert.deepEqual(pidsOf(project, 'cancel').filter(isAlive), []);
    const again = await project.json(['cancel', id]);
    assert.equal(again.code, 1);
  });

  await t.test('cancel --force does not wait for the grace', async () => {
    const stubborn = sh("trap 'touch told' TERM; touch stubborn; while :; do sleep 0.05; done");
    const id = await project.submit({ name: 'stubborn', task: [{ id: 'a', grace: '10m', ...stubborn }] });
    await until('the task to have started', () => existsSync(project.path('stubborn')));
    assert.equal((await project.json(['cancel', id])).document['state'], 'cancelling');
    await until('the task to be told', () => existsSync(project.path('told')));
    assert.equal((await project.get(id)).state, 'cancelling');
    assert.equal((await project.json(['cancel', id, '--force'])).code, 0);
    assert.equal((await project.ended(id)).state, 'cancelled');
  });

  await t.test(
    'a success keeps the server that left its group, and ends and names what stayed in it',
    async () => {
      const script =
        'setsid sleep 600 & echo $! > server; sleep 601 & echo $! > leftover; until [ -s server ]; do :; done; echo done';
      const id = await project.submit({ name: 'server', task: [{ id: 'a', ...sh(script) }] });
      const run = await project.ended(id);
      assert.deepEqual([run.state, run.tasks[0]?.output], ['succeeded', 'done']);
      const [server, leftover] = ['server', 'leftover'].map((name) =>
        Number(readFileSync(project.path(name), 'utf8')),
      );
      assert.ok(server !== undefined && leftover !== undefined);
      t.after(() => isAlive(server) && process.kill(server, 'SIGKILL'));
      assert.deepEqual([isAlive(server), isAlive(leftover)], [true, false]);
      const { entries } = await client.request('run/logs', { runId: id });
      assert.match(
        entries.map(({ text }) => text).join('\n'),
        new RegExp(`left process ${leftover} \\(sleep 601\\)`),
      );
      process.kill(server, 'SIGKILL');
    },
  );

  await t.test('a retry waits longer each time, and counts', async () => {
    const id = await project.submit({
      name: 'retry',
      task: [
        {
          id: 'a',
          retry: { attempts: 4, backoff: 'exponential', initial: '20ms', max: '50ms', jitter: false },
          ...sh('echo x >> tries; [ $(wc -l < tries) -eq 4 ]'),
        },
      ],
    });
    const run = await project.ended(id);
    assert.deepEqual([run.state, run.tasks[0]?.attempts], ['succeeded', 4]);
    const { events } = await client.request('run/events', { runId: id });
    const at = (type: string) =>
      events.filter((event) => event.type === type).map(({ time }) => Date.parse(time));
    const started = at('attempt.started');
    const waits = at('attempt.finished').map((time, index) => (started[index + 1] ?? Number.NaN) - time);
    assert.deepEqual(
      [20, 40, 50].map((least, index) => (waits[index] ?? 0) >= least),
      [true, true, true],
      `waited ${waits} ms`,
    );
  });

  await t.test('logs -f follows to the end, and events tell the whole story', async () => {
    const script = 'echo one; until [ -e go ]; do sleep 0.02; done; echo two >&2; echo three';
    const id = await project.submit({ name: 'follow', task: [{ id: 'a', ...sh(script) }] });
    const following = project.start(['logs', id, '-f']);
    await until('the first line to be told', () => following.output().includes('a one'));
    project.write('go', '');
    const { code, stdout } = await following.finished;
    assert.equal(code, 0);
    assert.deepEqual(new Set(stdout.split('\n')), new Set(['a one', 'a two', 'a three', '']));
    const told = await project.json(['events', id]);
    const { events } = told.document;
    assert.ok(Array.isArray(events));
    assert.deepEqual(
      events.map((event) => JSON.parse(JSON.stringify(event)).type),
      ['run.submitted', 'run.started', 'attempt.started', 'attempt.spawned', 'attempt.finished', 'run.ended'],
    );
  });
});
