import assert from 'node:assert/strict';
import { basename, relative } from 'node:path';
import { test } from 'node:test';
import { attemptFiles } from '../../../src/dispatcher/attempt-files.js';
import { parseAttemptId } from '../../../src/dispatcher/attempt-id.js';

const ids: readonly string[] = [
  'r-1/t/1.1@1',
  'r-1/t[3]/2.1@7',
  '../../etc/passwd',
  '..',
  '.hidden',
  'a/b\0c\nd',
  `r-1/${'x'.repeat(500)}[1]/1.1@1`,
  `r-1/${'x'.repeat(500)}[2]/1.1@1`,
  'r-1/ä/1.1@1',
];

test('every attempt has files of its own inside the folder of its run', () => {
  const seen = new Set<string>();
  for (const id of ids) {
    const files = attemptFiles('/state', id, 'r-1');
    for (const file of Object.values(files)) {
      assert.equal(relative('/state/runs/r-1', file).startsWith('..'), false, file);
      assert.equal(file.includes('\0') || file.includes('\n'), false, file);
      assert.equal(basename(file).length <= 204, true, file);
      assert.equal(seen.has(file), false, file);
      seen.add(file);
    }
  }
});

test('a run id cannot leave the state directory either', () => {
  assert.equal(attemptFiles('/state', 'a', '../..').result.startsWith('/state/runs/%2E.%2F..'), true);
});

const names: readonly { readonly id: string; readonly name: ReturnType<typeof parseAttemptId> }[] = [
  { id: 'r-1/network/1.2@3', name: { taskId: 'network', item: null, attempt: 2 } },
  { id: 'r-1/load-balancer[12]/4.1@3', name: { taskId: 'load-balancer', item: 12, attempt: 1 } },
  { id: 'r-1/network', name: null },
  { id: '', name: null },
];

for (const { id, name } of names) {
  test(`reads the attempt id "${id}"`, () => assert.deepEqual(parseAttemptId(id), name));
}
