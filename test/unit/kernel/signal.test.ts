import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import {
  abortable,
  isCancellation,
  onAbort,
  pause,
  throwIfCancelled,
  within,
} from '../../../src/kernel/signal.js';

const named = (name: string) => (error: unknown) => error instanceof Failure && error.error === name;
const never = new Promise<never>(() => undefined);

test('throwIfCancelled throws only once the signal has fired', () => {
  throwIfCancelled(undefined);
  throwIfCancelled(new AbortController().signal);
  assert.throws(() => throwIfCancelled(AbortSignal.abort()), named('request_cancelled'));
});

test('onAbort calls at once when the signal has fired, and can be taken back', () => {
  let calls = 0;
  onAbort(AbortSignal.abort(), () => calls++);
  assert.equal(calls, 1);
  const controller = new AbortController();
  onAbort(controller.signal, () => calls++)();
  controller.abort();
  assert.equal(calls, 1);
});

test('abortable settles as the promise does, or with the signal, and leaves no listener', async () => {
  const controller = new AbortController();
  assert.equal(await abortable(Promise.resolve(1), controller.signal), 1);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  const waiting = assert.rejects(abortable(never, controller.signal), named('request_cancelled'));
  controller.abort();
  await waiting;
  await assert.rejects(abortable(never, AbortSignal.abort()), named('request_cancelled'));
  assert.equal(await abortable(Promise.resolve(2), undefined), 2);
});

test('within says what it waited for', async () => {
  assert.equal(await within(Promise.resolve(1), 1000, 'one'), 1);
  await assert.rejects(within(never, 1, 'the moon'), /^Failure: Waited 1 ms for the moon\.$/);
});

test('pause ends with its time or with the signal', async () => {
  await pause(1);
  const controller = new AbortController();
  const waiting = assert.rejects(pause(60_000, controller.signal), named('request_cancelled'));
  controller.abort();
  await waiting;
});

test('a cancellation is told from a fault', () => {
  const fired = AbortSignal.abort();
  const idle = new AbortController().signal;
  const abortError = Object.assign(new Error('x'), { name: 'AbortError' });
  assert.equal(isCancellation(abortError, fired), true);
  assert.equal(isCancellation(abortError, idle), false, 'somebody else stopped it');
  assert.equal(isCancellation(fired.reason, fired), true);
  assert.equal(isCancellation(new Error('x'), fired), false);
  assert.equal(isCancellation(new Failure('request_cancelled', 'x'), idle), true);
  assert.equal(isCancellation(new Failure('not_found', 'x'), fired), false);
});
