import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { fireAfter } from '../../../src/process/fire-after.js';

/** The longest delay of a Node timer; a longer one fires at once. */
const longest = 2 ** 31 - 1;

test('a time beyond what a timer can hold is waited out in steps, once, and can be cancelled', (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  let fired = 0;
  const fire = () => {
    fired += 1;
  };
  fireAfter(2 * longest + 5, fire);
  const cancel = fireAfter(longest + 1, fire);
  mock.timers.tick(longest);
  cancel();
  mock.timers.tick(longest);
  assert.equal(fired, 0);
  mock.timers.tick(5);
  assert.equal(fired, 1);
  mock.timers.tick(longest);
  assert.equal(fired, 1);
});
