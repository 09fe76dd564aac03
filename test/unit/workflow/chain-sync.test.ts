/** What the disk is asked for by a run, counted: the promise is in syncs, which do not vary with the machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingFiles } from '../../../src/store/counting-files.js';
import { systemFiles } from '../../../src/store/file-port.js';
import { openSidecar } from '../../fixtures/sidecar/open-sidecar.js';

const tasks = 100;
const call = { method: 'state/list' };
const rows = [
  {
    name: 'a chain costs one fdatasync a task',
    task: Array.from({ length: tasks }, (_, index) => ({
      id: `t${index}`,
      needs: index === 0 ? [] : [`t${index - 1}`],
      call,
    })),
    slots: 4,
    atMost: 1.05,
  },
  {
    name: 'a fan-out shares them among the tasks that end together',
    task: [{ id: 'each', for_each: `{{ range(${tasks}) }}`, call }],
    slots: 4,
    atMost: 0.35,
  },
];

for (const { name, task, slots, atMost } of rows) {
  test(name, async () => {
    const { files, counts } = countingFiles(systemFiles);
    const sidecar = await openSidecar({ maxLive: slots, files });
    try {
      const { runId = null } = await sidecar.request('workflow/submit', {
        definition: { name: 'counted', task },
      });
      const before = counts.fileSyncs;
      const { state } = await sidecar.request('run/wait', { runId });
      assert.equal(state, 'succeeded');
      const perTask = (counts.fileSyncs - before) / tasks;
      assert.ok(perTask <= atMost, `${perTask} syncs a task, at most ${atMost} are promised`);
    } finally {
      await sidecar.close();
    }
  });
}
