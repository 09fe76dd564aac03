/** Fields of requests do what their descriptions say, on a whole sidecar without a project. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { type OpenedSidecar, openSidecar } from '../../fixtures/sidecar/open-sidecar.js';

const flow =
  'name = "hello"\ndescription = "Says it"\n[[task]]\nid = "say"\ncall = { method = "state/list" }\n';

async function onSidecar(use: (sidecar: OpenedSidecar, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sidecar-fields-'));
  const sidecar = await openSidecar();
  try {
    await use(sidecar, folder);
  } finally {
    await sidecar.close();
    await rm(folder, { recursive: true, force: true });
  }
}

test('workflow/list and a workflow by its name look below cwd; a file that cannot be read keeps its name', () =>
  onSidecar(async (sidecar, folder) => {
    const workflows = join(folder, 'workflows');
    await mkdir(join(workflows, 'sub'), { recursive: true });
    await writeFile(join(workflows, 'sub', 'hello.toml'), flow);
    await writeFile(join(workflows, 'bytes.toml'), Buffer.from([0xff, 0xfe, 0x00]));
    await symlink(join(folder, 'nowhere'), join(workflows, 'link.toml'));
    assert.deepEqual(await sidecar.request('workflow/list', { cwd: folder }), {
      workflows: [
        { name: 'bytes', path: join(workflows, 'bytes.toml') },
        { name: 'sub/hello', path: join(workflows, 'sub', 'hello.toml'), description: 'Says it' },
      ],
    });
    const { valid } = await sidecar.request('workflow/validate', { cwd: folder, name: 'sub/hello' });
    assert.equal(valid, true);
    assert.deepEqual(await sidecar.request('workflow/list', { cwd: join(folder, 'elsewhere') }), {
      workflows: [],
    });
  }));

test('the labels of a task are shown with it', () =>
  onSidecar(async (sidecar) => {
    const call = { method: 'state/list' };
    const { tasks } = await sidecar.run({
      name: 'labelled',
      task: [
        { id: 'a', call, labels: { team: 'web' } },
        { id: 'b', call },
      ],
    });
    assert.ok(Array.isArray(tasks));
    assert.deepEqual(
      tasks.map(({ labels = null }) => labels),
      [{ team: 'web' }, null],
    );
  }));

test('a run that succeeds although a task failed tells how many did', () =>
  onSidecar(async (sidecar) => {
    const { state, warnings } = await sidecar.run({
      name: 'tolerant',
      task: [{ id: 'a', exec: ['false'], allow_failure: true }],
    });
    assert.deepEqual([state, warnings], ['succeeded', 1]);
  }));

test('nu/run refuses arguments for code, which has no main command to take them', () =>
  onSidecar(async (sidecar) => {
    for (const extra of [{ args: [1] }, { flags: { force: true } }]) {
      await assert.rejects(
        sidecar.request('nu/run', { source: '1 + 1', ...extra }),
        (error) => error instanceof Failure && error.error === 'invalid_params',
        JSON.stringify(extra),
      );
    }
  }));
