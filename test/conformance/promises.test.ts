import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checks } from './promise-checks.js';
import { type Promised, promises } from './promises.js';
import { transports } from './transport.js';

test('every promise has a check, every check a promise', () => {
  assert.deepEqual(Object.keys(checks).sort(), promises.map(({ id }) => id).sort());
});

for (const transport of transports) {
  describe(`promises over ${transport}`, { concurrency: 4 }, () => {
    for (const { id, promise, only } of promises.map((each): Promised => each)) {
      if (only !== undefined && !transport.includes(only)) continue;
      const check = Object.entries(checks).find(([name]) => name === id)?.[1];
      test(`${id}: ${promise}`, async () => check?.(transport));
    }
  });
}
