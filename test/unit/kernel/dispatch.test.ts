import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { createCatalogue } from '../../../protocol/catalogue.js';
import { defineNotification, defineRequest } from '../../../protocol/define-method.js';
import type { RequestContext } from '../../../src/kernel/context.js';
import { createDispatch } from '../../../src/kernel/dispatch.js';
import { Failure } from '../../../src/kernel/failure.js';
import { type Log, silentLog } from '../../../src/kernel/log.js';
import { pause } from '../../../src/kernel/signal.js';

const params = z.strictObject({ value: z.string().optional() });
const request = (name: string) =>
  defineRequest({
    name,
    summary: 'Tests.',
    params,
    result: z.unknown(),
    example: { params: {}, result: null },
  });

const catalogue = createCatalogue([
  request('test/echo'),
  request('test/fail'),
  request('test/crash'),
  request('test/slow'),
  request('test/orphan'),
  defineNotification({
    name: 'test/note',
    direction: 'client',
    summary: 'Tests.',
    params,
    example: { params: {} },
  }),
]);

function dispatchWith(log: Log = silentLog) {
  return createDispatch({
    catalogue,
    log,
    handlers: {
      'test/echo': ({ value }: { value?: string }) => value ?? null,
      'test/fail': () => {
        throw new Failure('not_found', 'Not there.');
      },
      'test/crash': () => {
        throw new TypeError('the password is hunter2');
      },
      'test/slow': async (_params: never, { signal }) => {
        await pause(60_000, signal);
        return null;
      },
    },
  });
}

function contextWith(signal: AbortSignal = new AbortController().signal): RequestContext {
  return {
    signal,
    traceId: '0'.repeat(32),
    log: silentLog,
    session: {
      id: 's',
      client: null,
      cwd: null,
      env: null,
      notify: () => undefined,
      onClose: () => () => undefined,
    },
  };
}

/** The failure a request ends with. */
async function failureOf(method: string, signal?: AbortSignal, log?: Log): Promise<Failure> {
  try {
    await dispatchWith(log)(method, {}, contextWith(signal));
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  return assert.fail('expected a failure');
}

test('a request reaches its handler with the params as they came', async () => {
  assert.equal(await dispatchWith()('test/echo', { value: 'x' }, contextWith()), 'x');
  assert.equal(await dispatchWith()('test/echo', undefined, contextWith()), null);
});

for (const method of [
  'test/none',
  'constructor',
  '__proto__',
  'test/note',
  'test/orphan',
  'hasOwnProperty',
]) {
  test(`${method} is no method`, async () => {
    assert.equal((await failureOf(method)).error, 'method_not_found');
  });
}

test('a misspelt method is suggested', async () => {
  assert.equal((await failureOf('test/ecko')).data.advice, 'Did you mean test/echo?');
});

test('a failure passes as it is', async () => {
  const failure = await failureOf('test/fail');
  assert.deepEqual([failure.error, failure.message], ['not_found', 'Not there.']);
});

test('a plain error stays in the log, under an id that the client gets', async () => {
  const entries: object[] = [];
  const failure = await failureOf('test/crash', undefined, {
    ...silentLog,
    error: (fields) => entries.push(fields),
  });
  assert.equal(failure.error, 'internal_error');
  assert.doesNotMatch(JSON.stringify([failure.message, failure.data]), /hunter2|TypeError/);
  const [entry] = entries;
  assert.ok(entry !== undefined && 'err' in entry && entry.err instanceof TypeError);
  assert.ok('errorId' in entry && entry.errorId === failure.data['errorId']);
});

test('a cancelled request says so, or why its signal fired', async () => {
  const cancel = new AbortController();
  const first = failureOf('test/slow', cancel.signal);
  cancel.abort();
  assert.equal((await first).error, 'request_cancelled');

  const stop = new AbortController();
  const second = failureOf('test/slow', stop.signal);
  stop.abort(new Failure('shutting_down', 'The sidecar is ending.'));
  assert.equal((await second).error, 'shutting_down');
});

test('a handler that won the race is answered with its result', async () => {
  assert.equal(await dispatchWith()('test/echo', { value: 'x' }, contextWith(AbortSignal.abort())), 'x');
});
