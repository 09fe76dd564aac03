import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchIdle } from '../../../src/daemon/idle-exit.js';

/** A watch whose timer is fired by hand; `armed` are the delays that are running. */
function watched(idleTimeoutMs: number | null) {
  const timers = new Map<number, { readonly delay: number; readonly fire: () => void }>();
  let started = 0;
  const state = { idle: true, ended: 0 };
  const watch = watchIdle({
    idleTimeoutMs,
    isIdle: () => state.idle,
    onIdle: () => {
      state.ended += 1;
    },
    startTimer: (delay, fire) => {
      const id = ++started;
      timers.set(id, { delay, fire });
      return () => timers.delete(id);
    },
  });
  return {
    ...watch,
    state,
    armed: () => [...timers.values()].map(({ delay }) => delay),
    started: () => started,
    fire: () => {
      for (const [id, { fire }] of [...timers]) {
        timers.delete(id);
        fire();
      }
    },
  };
}

test('one timer runs while idle, however often it is touched', () => {
  const watch = watched(500);
  for (let touch = 0; touch < 3; touch += 1) watch.touch();
  assert.deepEqual(watch.armed(), [500]);
  watch.fire();
  assert.equal(watch.state.ended, 1);
  watch.touch();
  assert.deepEqual(watch.armed(), []);
});

test('work disarms the timer, its end starts the whole time again', () => {
  const watch = watched(500);
  watch.touch();
  watch.state.idle = false;
  watch.touch();
  assert.deepEqual(watch.armed(), []);
  watch.state.idle = true;
  watch.touch();
  assert.deepEqual([watch.armed(), watch.started()], [[500], 2]);
});

test('work that nobody told of still keeps the daemon', () => {
  const watch = watched(500);
  watch.touch();
  watch.state.idle = false;
  watch.fire();
  assert.equal(watch.state.ended, 0);
});

test('never, and after the close, nothing is armed', () => {
  const never = watched(null);
  never.touch();
  assert.deepEqual(never.armed(), []);
  const closed = watched(500);
  closed.touch();
  closed.close();
  closed.touch();
  assert.deepEqual(closed.armed(), []);
});
