import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { Outbox } from '../../../src/transport/outbox.js';

/** A stream that keeps what each write brought. */
function recorder(): { readonly stream: Writable; readonly writes: string[] } {
  const writes: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      writes.push(String(chunk));
      done();
    },
  });
  return { stream, writes };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a message goes out within the tick when nothing else is coming', async () => {
  const { stream, writes } = recorder();
  const outbox = new Outbox(stream, { moreComing: () => false, onBroken: () => undefined });
  outbox.send('a');
  outbox.send('b');
  await Promise.resolve();
  assert.deepEqual(writes, ['ab']);
});

test('messages wait for each other while more are coming', async () => {
  const { stream, writes } = recorder();
  let more = true;
  const outbox = new Outbox(stream, { moreComing: () => more, onBroken: () => undefined });
  outbox.send('a');
  await turn();
  outbox.send('b');
  await turn();
  assert.deepEqual(writes, []);
  more = false;
  await turn();
  assert.deepEqual(writes, ['ab']);
});

test('the wait is bounded in ticks and in size', async () => {
  const { stream, writes } = recorder();
  const outbox = new Outbox(stream, { moreComing: () => true, onBroken: () => undefined });
  outbox.send('a');
  for (let index = 0; index < 20; index++) await turn();
  assert.deepEqual(writes, ['a']);
  outbox.send('x'.repeat(64 * 1024));
  assert.equal(writes.length, 2);
});

test('a broken stream is told once, and end does not wait for it', async () => {
  const failures: Error[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  const outbox = new Outbox(stream, { moreComing: () => false, onBroken: (error) => failures.push(error) });
  outbox.send('a');
  await turn();
  outbox.send('b');
  await outbox.end();
  assert.deepEqual(
    failures.map(({ message }) => message),
    ['EPIPE'],
  );
});

test('end sends what waits, and destroy ends the wait for a reader that never reads', async () => {
  const { stream, writes } = recorder();
  const outbox = new Outbox(stream, { moreComing: () => true, onBroken: () => undefined });
  outbox.send('last');
  await outbox.end();
  assert.deepEqual(writes, ['last']);

  const stuck = new Outbox(new Writable({ write: () => undefined }), {
    moreComing: () => false,
    onBroken: () => undefined,
  });
  stuck.send('a');
  const ended = stuck.end();
  stuck.destroy();
  await ended;
});
