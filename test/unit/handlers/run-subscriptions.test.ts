import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunSubscriptions } from '../../../src/handlers/run-subscriptions.js';
import type { RequestContext } from '../../../src/kernel/context.js';
import { silentLog } from '../../../src/kernel/log.js';
import { createEngineState } from '../../../src/workflow/core/state.js';
import type { Engine } from '../../../src/workflow/engine/engine.js';
import { createRunChanges } from '../../../src/workflow/engine/run-changes.js';
import type { Runs } from '../../../src/workflow/engine/runs.js';

/** Subscriptions of all runs: who is told, and whether anybody still listens. */
function createStage() {
  const changes = createRunChanges();
  const told: string[] = [];
  const engine: Pick<Engine, 'changes' | 'state'> = { changes, state: createEngineState() };
  const subscriptions = createRunSubscriptions(engine, unusedRuns, { seq: 7, synced: async () => undefined });
  const session = (id: string, closed = false) => {
    let close = (): void => undefined;
    const context: RequestContext = {
      signal: new AbortController().signal,
      log: silentLog,
      traceId: '0'.repeat(32),
      session: {
        id,
        client: null,
        cwd: null,
        env: null,
        notify: (method) => told.push(`${id} ${method}`),
        onClose(callback) {
          if (closed) callback();
          else close = callback;
          return () => {
            close = () => undefined;
          };
        },
      },
    };
    return { context, close: () => close() };
  };
  const change = () => changes.publish([{ runId: 'r', seq: 8, state: 'running', tasks: [], ended: false }]);
  return { subscriptions, session, change, told, isHeard: () => changes.isHeard('r') };
}

const unusedRuns: Pick<Runs, 'find'> = {
  find: () => Promise.reject(new Error('no single run is asked for here')),
};

test('a subscription tells of changes until it is taken back, by its own session only', async () => {
  const { subscriptions, session, change, told, isHeard } = createStage();
  const one = session('one');
  const { subscriptionId, seq } = await subscriptions.subscribe(undefined, one.context);
  assert.equal(seq, 7);
  change();
  assert.deepEqual(told, ['one run/didChange']);
  assert.throws(() => subscriptions.unsubscribe(subscriptionId, session('two').context), {
    error: 'not_found',
  });
  subscriptions.unsubscribe(subscriptionId, one.context);
  assert.equal(isHeard(), false);
  assert.throws(() => subscriptions.unsubscribe(subscriptionId, one.context), { error: 'not_found' });
});

test('the end of a session ends its subscriptions, also when it came before they began', async () => {
  const { subscriptions, session, isHeard } = createStage();
  const one = session('one');
  await subscriptions.subscribe(undefined, one.context);
  assert.equal(isHeard(), true);
  one.close();
  assert.equal(isHeard(), false);
  await subscriptions.subscribe(undefined, session('gone', true).context);
  assert.equal(isHeard(), false);
});
