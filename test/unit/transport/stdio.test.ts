import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { within } from '../../../src/kernel/signal.js';
import type { PeerEnd } from '../../../src/transport/peer.js';
import { exitCode, serveStdio } from '../../../src/transport/stdio.js';
import { watchProcess } from '../../../src/transport/watch-process.js';
import { sampleSessions } from '../../fixtures/hosts/sample-sidecar.js';

const rows: readonly (PeerEnd & { readonly code: number })[] = [
  { reason: 'eof', framing: null, shutDown: false, code: 0 },
  { reason: 'eof', framing: 'lines', shutDown: false, code: 0 },
  { reason: 'eof', framing: 'headers', shutDown: false, code: 1 },
  { reason: 'eof', framing: 'headers', shutDown: true, code: 0 },
  { reason: 'exit', framing: 'lines', shutDown: false, code: 1 },
  { reason: 'exit', framing: 'headers', shutDown: true, code: 0 },
  { reason: 'malformed', framing: 'headers', shutDown: true, code: 1 },
  { reason: 'broken', framing: 'lines', shutDown: false, code: 1 },
  { reason: 'closed', framing: 'lines', shutDown: false, code: 1 },
];

test('the exit code says how the session ended', () => {
  for (const { code, ...end } of rows) assert.equal(exitCode(end), code, JSON.stringify(end));
});

test('a hangup cancels what is in flight instead of waiting for it', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const hangup = new AbortController();
  const served = serveStdio({ input, output, openSession: sampleSessions(), hangup: hangup.signal });
  input.end(
    '{"jsonrpc":"2.0","id":1,"method":"sample/soon"}\n{"jsonrpc":"2.0","id":2,"method":"sample/slow"}\n',
  );
  await within(once(output, 'data'), 5000, 'the first answer');
  hangup.abort();
  assert.equal(await within(served, 5000, 'stdio to end'), 1);
});

test('the death of a watched process is told; one that is not there is not watched', async () => {
  watchProcess(2 ** 22 + 1, () => assert.fail('there is no such process'));
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const died = new Promise<void>((resolve) => watchProcess(child.pid ?? 0, resolve));
  child.kill('SIGKILL');
  // The watch keeps no process alive by itself: something else has to, meanwhile.
  const keepAlive = setInterval(() => undefined, 1000);
  try {
    await within(died, 20_000, 'the death of the child to be noticed');
  } finally {
    clearInterval(keepAlive);
  }
});
