import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Failure } from '../../../src/kernel/failure.js';
import { silentLog } from '../../../src/kernel/log.js';
import { within } from '../../../src/kernel/signal.js';
import { Float } from '../../../src/kernel/value/value.js';
import { type Connection, type ConnectOptions, connect } from '../../../src/transport/connect.js';
import { listenOnSocket } from '../../../src/transport/socket-server.js';
import { sampleSessions } from '../../fixtures/hosts/sample-sidecar.js';

async function connected(context: TestContext, options?: ConnectOptions): Promise<Connection> {
  const directory = await mkdtemp(join(tmpdir(), 'nu-sidecar-connect-'));
  const path = join(directory, 'rpc.sock');
  const server = await listenOnSocket({ path, openSession: sampleSessions(), log: silentLog });
  context.after(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });
  const client = await connect(path, options);
  context.after(() => client.close());
  return client;
}

test('values come back exact, also many at once', async (context) => {
  const client = await connected(context);
  const values = [1, 'é', null, 12345678901234567890n, [new Float(1)], { __proto__: null, a: 1.5 }];
  const answers = await Promise.all(values.map((value) => client.request('sample/echo', { value })));
  assert.deepEqual(answers, [1, 'é', null, 12345678901234567890n, [new Float(1)], { a: 1.5 }]);
});

test('an error becomes the failure it was', async (context) => {
  const client = await connected(context);
  await assert.rejects(client.request('sample/fail'), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.error, 'not_found');
    assert.equal(error.message, 'There is no such thing.');
    assert.equal(error.data.got, 'thing');
    return true;
  });
});

test('a signal cancels the request, before or after it was sent', async (context) => {
  const client = await connected(context);
  const isCancelled = (error: unknown): boolean =>
    error instanceof Failure && error.error === 'request_cancelled';
  await assert.rejects(client.request('sample/slow', {}, { signal: AbortSignal.abort() }), isCancelled);
  const controller = new AbortController();
  const slow = assert.rejects(client.request('sample/slow', {}, { signal: controller.signal }), isCancelled);
  await client.request('sample/soon');
  controller.abort();
  await within(slow, 5000, 'the cancelled request to be answered');
});

test('attach tells folder and environment, notifications arrive before the answer', async (context) => {
  const client = await connected(context, {
    attach: { cwd: '/srv', env: { A: 'b' }, processId: process.pid },
  });
  const told: string[] = [];
  const stop = client.onNotification((method) => told.push(method));
  assert.deepEqual(await client.request('sample/session'), { cwd: '/srv', env: { A: 'b' }, client: null });
  assert.deepEqual(told, ['sample/told']);
  stop();
  await client.request('sample/session');
  assert.deepEqual(told, ['sample/told']);
});

test('when the connection ends, every waiting request fails with one reason', async (context) => {
  const client = await connected(context);
  const ended = (error: unknown): boolean => error instanceof Failure && error.error === 'shutting_down';
  const waiting = [client.request('sample/slow'), client.request('sample/slow')].map((each) =>
    assert.rejects(each, ended),
  );
  client.close();
  await Promise.all(waiting);
  await within(client.closed, 5000, 'the connection to end');
  await assert.rejects(client.request('sample/soon'), ended);
});

test('nobody listening is the error of the system', async () => {
  await assert.rejects(connect('/nonexistent/rpc.sock'), { code: 'ENOENT' });
});
