import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followRun } from '../../../src/client/follow-run.js';
import type { Client } from '../../../src/client/open-client.js';
import type { Run } from '../../../src/client/requests.js';
import type { Value } from '../../../src/kernel/value/value.js';

const runOf = (state: Run['state'], first: 'running' | 'succeeded'): Run => ({
  id: 'r-1',
  workflow: 'w',
  state,
  inputs: {},
  tasks: [
    { id: 'a', state: first, attempts: 1 },
    { id: 'b', state: 'pending', attempts: 0 },
  ],
  createdAt: '2026-01-02T03:04:05Z',
});

/** A client whose subscriptions are answered with the given runs, one after the other; the test plays the daemon. */
function scripted(...snapshots: readonly Run[]) {
  let listener: (method: string, params: Value) => void = () => {};
  let lose: () => void = () => {};
  let subscriptions = 0;
  const call = async () => {
    const snapshot = snapshots[subscriptions];
    subscriptions += 1;
    return { subscriptionId: `s-${subscriptions}`, seq: 10, snapshot };
  };
  const client: Client = {
    call: call as never,
    request: call as never,
    onNotification: (added) => {
      listener = added;
      return () => true;
    },
    lost: () =>
      new Promise((resolve) => {
        lose = resolve;
      }),
    close: async () => {},
  };
  return {
    client,
    change: (params: { readonly [key: string]: Value }) =>
      listener('run/didChange', {
        subscriptionId: `s-${subscriptions}`,
        runId: 'r-1',
        ended: false,
        ...params,
      }),
    lose: () => lose(),
    subscriptions: () => subscriptions,
  };
}

const signal = new AbortController().signal;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What the follower was shown: the states of the run and its tasks. */
const seen = (run: Run) => [run.state, ...run.tasks.map((task) => task.state)].join(' ');

test('a run is shown at first and after each change, until it has ended', async () => {
  const daemon = scripted(runOf('running', 'running'));
  const shown: string[] = [];
  const followed = followRun(daemon.client, 'r-1', { onChange: (run) => shown.push(seen(run)), signal });
  await settle();
  const task = { id: 'a', state: 'succeeded', attempts: 1 };
  daemon.change({ seq: 10, state: 'failed' });
  daemon.change({ seq: 11, state: 'failed', runId: 'r-2' });
  daemon.change({ seq: 11, state: 'failed', subscriptionId: 'another' });
  daemon.change({ seq: 11, state: 'running', tasks: [task] });
  daemon.change({ seq: 12, state: 'succeeded', tasks: [{ ...task, id: 'b' }], ended: true });
  assert.equal(seen(await followed), 'succeeded succeeded succeeded');
  assert.deepEqual(shown, [
    'running running pending',
    'running succeeded pending',
    'succeeded succeeded succeeded',
  ]);
});

test('a run that has ended already needs no change', async () => {
  const daemon = scripted(runOf('failed', 'succeeded'));
  assert.equal((await followRun(daemon.client, 'r-1', { onChange: () => {}, signal })).state, 'failed');
});

test('after a loss it subscribes again, and what happened meanwhile is shown', async () => {
  const daemon = scripted(runOf('running', 'running'), runOf('running', 'succeeded'));
  const shown: string[] = [];
  const followed = followRun(daemon.client, 'r-1', { onChange: (run) => shown.push(seen(run)), signal });
  await settle();
  daemon.lose();
  await settle();
  assert.equal(daemon.subscriptions(), 2);
  // The journal of the next daemon may count from where it likes: only its own snapshot says what is old.
  daemon.change({ seq: 11, state: 'succeeded', ended: true });
  await followed;
  assert.deepEqual(shown, [
    'running running pending',
    'running succeeded pending',
    'succeeded succeeded pending',
  ]);
});

test('who is told to stop following stops', async () => {
  const daemon = scripted(runOf('running', 'running'));
  const stop = new AbortController();
  const followed = followRun(daemon.client, 'r-1', { onChange: () => {}, signal: stop.signal });
  await settle();
  stop.abort();
  await assert.rejects(followed, { error: 'request_cancelled' });
});
