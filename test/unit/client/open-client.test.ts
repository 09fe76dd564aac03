import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { type Contact, type Loss, openClient } from '../../../src/client/open-client.js';
import { isRepeatable } from '../../../src/client/requests.js';

type Answer = (method: string, socket: Socket) => object | null;

/** Daemons of one state, one after the other: each answers as its function says; null: it says nothing. */
async function daemons(t: TestContext, ...answers: readonly Answer[]) {
  const folder = mkdtempSync(join(tmpdir(), 'nu-sidecar-client-'));
  const reached: (Loss | null)[] = [];
  const contacts: Contact[] = [];
  for (const [index, answer] of answers.entries()) {
    const rpcSocket = join(folder, `${index}.sock`);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      createInterface({ input: socket }).on('line', (line) => {
        const { id, method } = JSON.parse(line);
        if (id === undefined) return;
        const reply = answer(method, socket);
        if (reply !== null) socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...reply })}\n`);
      });
    });
    await new Promise<void>((resolve) => server.listen(rpcSocket, resolve));
    t.after(() => server.close());
    contacts.push({ rpcSocket, epoch: index + 1 });
  }
  const client = openClient({
    attachment: { cwd: '/' },
    reach: async (lost) => {
      const contact = contacts[Math.min(reached.length, contacts.length - 1)];
      reached.push(lost);
      if (contact === undefined) throw new Error('No daemon.');
      return contact;
    },
  });
  t.after(async () => {
    await client.close();
    rmSync(folder, { recursive: true });
  });
  return { client, contacts, reached };
}

const alive: Answer = (method) => ({ result: { said: method } });
const dying: Answer = (method, socket) => {
  if (method === 'nu/version') return { result: {} };
  socket.destroy();
  return null;
};
const ending: Answer = () => ({ error: { code: 1002, message: 'ending', data: { name: 'shutting_down' } } });

test('requests share one connection', async (t) => {
  const { client, reached } = await daemons(t, alive);
  const answers = await Promise.all([client.call('run/get', {}), client.call('run/list', {})]);
  assert.deepEqual(answers, [{ said: 'run/get' }, { said: 'run/list' }]);
  assert.deepEqual(reached, [null]);
});

test('what reads is sent again to the next daemon when one dies', async (t) => {
  const { client, contacts, reached } = await daemons(t, dying, alive);
  await client.call('nu/version', {});
  assert.deepEqual(await client.call('run/get', {}), { said: 'run/get' });
  assert.deepEqual(reached, [null, { contact: contacts[0], ending: false }]);
});

test('what must not be done twice is not sent again', async (t) => {
  const { client, reached } = await daemons(t, dying, alive);
  await assert.rejects(client.call('nu/run', {}), { error: 'shutting_down' });
  assert.equal(reached.length, 1);
});

test('a daemon that is ending is named as one to wait for', async (t) => {
  const { client, contacts, reached } = await daemons(t, ending, alive);
  assert.deepEqual(await client.call('workflow/submit', { idempotencyKey: 'k' }), {
    said: 'workflow/submit',
  });
  assert.deepEqual(reached, [null, { contact: contacts[0], ending: true }]);
});

test('daemons that die again and again are given up', async (t) => {
  const { client, reached } = await daemons(t, dying);
  await assert.rejects(client.call('run/get', {}), { error: 'shutting_down' });
  assert.equal(reached.length, 6);
});

test('the failure of an answer is the failure of the request', async (t) => {
  const { client } = await daemons(t, () => ({
    error: { code: 1041, message: 'none', data: { name: 'run_not_found', got: 'r-1' } },
  }));
  await assert.rejects(client.request('run/get', { runId: 'r-1' }), {
    error: 'run_not_found',
    message: 'none',
  });
});

const repeatable = [
  ['run/get', {}, true],
  ['run/cancel', {}, true],
  ['file/load', {}, true],
  ['workflow/submit', { idempotencyKey: 'k' }, true],
  ['workflow/submit', {}, false],
  ['nu/run', {}, false],
  ['nu/call', {}, false],
  ['sidecar/stop', {}, false],
  ['plugin/unknown', {}, false],
] as const;

for (const [method, params, expected] of repeatable) {
  test(`${method} ${JSON.stringify(params)} may ${expected ? '' : 'not '}be sent twice`, () => {
    assert.equal(isRepeatable(method, params), expected);
  });
}
