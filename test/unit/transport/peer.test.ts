import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { test } from 'node:test';
import type { OpenSession } from '../../../src/kernel/session-port.js';
import { within } from '../../../src/kernel/signal.js';
import type { Value } from '../../../src/kernel/value/value.js';
import { Peer } from '../../../src/transport/peer.js';
import { sampleSessions } from '../../fixtures/hosts/sample-sidecar.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets the event loop turn until the condition holds; the bound is in turns, not in time. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turns = 0; turns < 10_000; turns++) {
    if (condition()) return;
    await turn();
  }
  assert.fail(`waited 10,000 turns for ${what}`);
}

/** A reader that takes nothing until it is told to. */
class Reader extends Writable {
  readonly taken: string[] = [];
  #done: (() => void) | null = null;
  #open = false;

  constructor() {
    super({ decodeStrings: false, highWaterMark: 10 });
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.taken.push(String(chunk));
    if (this.#open) done();
    else this.#done = done;
  }

  read(): void {
    this.#open = true;
    this.#done?.();
    this.#done = null;
  }
}

const echo = (id: number, value: string): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method: 'sample/echo', params: { value } })}\n`;

test('a client that does not read its answers is not read from, until it reads again', async () => {
  const input = new PassThrough();
  const output = new Reader();
  const peer = new Peer({
    input,
    output,
    openSession: sampleSessions(),
    limits: { unreadBytes: 1000 },
    acceptAttach: false,
  });
  input.write(echo(1, 'x'.repeat(2000)));
  await until(() => output.taken.length === 1, 'the first answer');
  input.write(echo(2, 'y'.repeat(2000)));
  await until(() => input.isPaused(), 'reading to stop');
  input.write(echo(3, 'z'));
  for (let turns = 0; turns < 50; turns++) await turn();
  assert.equal(output.taken.join('').includes('"id":3'), false);
  output.read();
  await until(() => output.taken.join('').includes('"id":3'), 'the third answer');
  input.end();
  assert.equal((await within(peer.ended, 5000, 'the connection to end')).reason, 'eof');
});

test('a connection whose unread answers grow past all bounds is closed', async () => {
  const input = new PassThrough();
  const peer = new Peer({
    input,
    output: new Reader(),
    openSession: sampleSessions(),
    limits: { unreadLimit: 5000 },
    acceptAttach: false,
  });
  for (let id = 0; id < 5; id++) input.write(echo(id, 'x'.repeat(4000)));
  assert.equal((await within(peer.ended, 5000, 'the connection to end')).reason, 'broken');
});

test('a handler that ignores its signal does not keep a closed connection for ever', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const closed: string[] = [];
  const openSession: OpenSession = () => ({
    shutDown: false,
    request: () => new Promise<Value>(() => undefined),
    notification: () => undefined,
    close: () => closed.push('closed'),
  });
  const peer = new Peer({ input, output, openSession, limits: { endMs: 1 }, acceptAttach: false });
  input.write(`${echo(1, 'x')}{"jsonrpc":"2.0","method":"any"}\n`);
  await turn();
  input.destroy();
  assert.equal((await within(peer.ended, 5000, 'the connection to end')).reason, 'broken');
  assert.deepEqual(closed, ['closed']);
});

test('only the first message may attach, and only where it is allowed', async () => {
  const attach = '{"jsonrpc":"2.0","method":"$/attach","params":{"cwd":"/srv"}}\n';
  const ask = '{"jsonrpc":"2.0","id":1,"method":"sample/session"}\n';
  const folderAfter = async (text: string, acceptAttach: boolean): Promise<string> => {
    const input = new PassThrough();
    const output = new PassThrough();
    const peer = new Peer({ input, output, openSession: sampleSessions(), acceptAttach });
    let answers = '';
    output.on('data', (chunk) => {
      answers += String(chunk);
    });
    input.end(text);
    await within(peer.ended, 5000, 'the connection to end');
    return /"cwd":(null|"[^"]*")/.exec(answers)?.[1] ?? answers;
  };
  assert.equal(await folderAfter(attach + ask, true), '"/srv"');
  assert.equal(await folderAfter(attach + ask, false), 'null');
  assert.equal(await folderAfter(ask + attach + ask.replace('1', '2'), true), 'null');
  assert.match(await folderAfter(attach.replace('"/srv"', '7') + ask, true), /^\{.*"code":-32602.*\}\n$/);
});
