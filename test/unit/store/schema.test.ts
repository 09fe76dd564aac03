import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  documentSchemas,
  type Migrations,
  migrate,
  migrations,
  schemaVersion,
} from '../../../state/schema.js';

test('every document is at the version of this build', () => {
  for (const [name, steps] of Object.entries(migrations)) assert.equal(steps.length + 1, schemaVersion, name);
  assert.deepEqual(Object.keys(migrations).sort(), Object.keys(documentSchemas).sort());
});

test('an older document is brought up step by step, a newer or unversioned one is not guessed at', () => {
  const steps: Migrations = {
    ...migrations,
    kv: [
      (older) => ({ ...older, schemaVersion: 2, two: true }),
      (older) => ({ ...older, schemaVersion: 3, three: true }),
    ],
  };
  const rows = [
    { document: { schemaVersion: 1 }, result: { schemaVersion: 3, two: true, three: true } },
    { document: { schemaVersion: 2 }, result: { schemaVersion: 3, three: true } },
    { document: { schemaVersion: 3 }, result: { schemaVersion: 3 } },
    { document: { schemaVersion: 4 }, result: 'newer' },
    { document: {}, result: 'unversioned' },
    { document: { schemaVersion: 0 }, result: 'unversioned' },
    { document: { schemaVersion: '1' }, result: 'unversioned' },
  ];
  for (const { document, result } of rows) assert.deepEqual(migrate('kv', document, steps), result);
});
