import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExitWatch } from '../../../src/daemon/exit-watch.js';

const line = (method: string, padding = 0) => `${JSON.stringify({ method, params: 'x'.repeat(padding) })}\n`;
const frame = (method: string, padding = 0) => {
  const body = JSON.stringify({ jsonrpc: '2.0', method, params: 'x'.repeat(padding) });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

const rows = [
  { name: 'nothing', text: '', framing: null, shutdown: false, exit: false },
  { name: 'white space', text: ' \n\t', framing: null, shutdown: false, exit: false },
  { name: 'lines', text: line('a') + line('exit'), framing: 'lines', shutdown: false, exit: true },
  {
    name: 'lines after an empty one',
    text: `\n${line('shutdown')}`,
    framing: 'lines',
    shutdown: true,
    exit: false,
  },
  { name: 'frames', text: frame('shutdown') + frame('exit'), framing: 'headers', shutdown: true, exit: true },
  {
    name: 'frames around a long one',
    text: frame('shutdown') + frame('exit', 5000) + frame('a'),
    framing: 'headers',
    shutdown: true,
    exit: false,
  },
  {
    name: 'a long line',
    text: line('exit', 5000) + line('shutdown'),
    framing: 'lines',
    shutdown: true,
    exit: false,
  },
  {
    name: 'lower case header',
    text: frame('exit').toLowerCase(),
    framing: 'headers',
    shutdown: false,
    exit: true,
  },
  {
    name: 'exit only inside a text',
    text: `${JSON.stringify({ method: 'a', params: { text: '{"method":"exit"}' } })}\n`,
    framing: 'lines',
    shutdown: false,
    exit: false,
  },
  { name: 'malformed', text: 'Content-Type: x\r\n\r\n{}', framing: 'headers', shutdown: false, exit: false },
  { name: 'no JSON', text: 'exit\n', framing: 'lines', shutdown: false, exit: false },
] as const;

for (const { name, text, framing, shutdown, exit } of rows) {
  for (const size of [1, 7, 100_000]) {
    test(`${name}, in chunks of ${size}`, () => {
      const watch = createExitWatch();
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) watch.push(bytes.subarray(at, at + size));
      assert.deepEqual(
        { framing: watch.framing, shutdown: watch.sawShutdown, exit: watch.sawExit },
        { framing, shutdown, exit },
      );
    });
  }
}
