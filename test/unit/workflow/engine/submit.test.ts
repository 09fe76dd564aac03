import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ValueRecord } from '../../../../src/kernel/value/value.js';
import { openSidecar } from '../../../fixtures/sidecar/open-sidecar.js';

const call = { method: 'file/formats' };

/** Small enough for its journal line, and over 64 KiB, so that a file is written before the event. */
const sizes: readonly (readonly [string, ValueRecord])[] = [
  ['small', { name: 'small', task: [{ id: 'a', call }] }],
  ['large', { name: 'large', task: [{ id: 'a', call, description: 'x'.repeat(100_000) }] }],
];

for (const [name, definition] of sizes) {
  test(`submits of one ${name} workflow with one key at the same time make one run`, async () => {
    const sidecar = await openSidecar();
    try {
      const submit = () => sidecar.request('workflow/submit', { definition, idempotencyKey: 'k' });
      const answers = await Promise.all([submit(), submit(), submit()]);
      assert.equal(new Set(answers.map(({ runId }) => runId)).size, 1, JSON.stringify(answers));
      assert.equal(answers.filter(({ existing }) => existing === true).length, 2);
      const { runs } = await sidecar.request('run/list', {});
      assert.equal(Array.isArray(runs) && runs.length, 1);
      await assert.rejects(
        sidecar.request('workflow/submit', { definition, idempotencyKey: 'k', labels: { other: 'yes' } }),
        { error: 'conflict' },
      );
    } finally {
      await sidecar.close();
    }
  });
}
