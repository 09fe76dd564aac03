/**
 * Echoes the params of every request. Arguments: `ours`, `raw` (framed by hand, the floor) or `stock` (vscode-jsonrpc as it
 * comes, the peer), and the path of a unix socket to listen on; without one it serves stdio.
 */
import { createServer } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import { createCatalogue } from '../../protocol/catalogue.js';
import { defineRequest } from '../../protocol/define-method.js';
import { createDispatch } from '../../src/kernel/dispatch.js';
import { silentLog } from '../../src/kernel/log.js';
import { createSessions } from '../../src/session/session.js';
import { Peer } from '../../src/transport/peer.js';

const echo = defineRequest({
  name: 'bench/echo',
  summary: 'Gives the params back.',
  params: z.strictObject({ text: z.string(), payload: z.unknown().optional() }),
  result: z.unknown(),
  example: { params: { text: '' }, result: null },
});

function serveOurs(input: Readable, output: Writable): void {
  const catalogue = createCatalogue([echo]);
  const openSession = createSessions({
    catalogue,
    dispatch: createDispatch({ catalogue, handlers: { 'bench/echo': (params) => params }, log: silentLog }),
    log: silentLog,
    server: { name: 'bench', version: '0', buildId: '0' },
    watchProcess: () => () => undefined,
  });
  new Peer({ input, output, openSession, acceptAttach: false });
}

function serveRaw(input: Readable, output: Writable): void {
  let buffer: Buffer = Buffer.alloc(0);
  input.on('data', (chunk: Buffer) => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(buffer.toString('latin1', 16, end));
      const body = end + 4;
      if (buffer.length < body + length) return;
      const { id, params } = JSON.parse(buffer.toString('utf8', body, body + length));
      buffer = buffer.subarray(body + length);
      const text = JSON.stringify({ jsonrpc: '2.0', id, result: params ?? null });
      output.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    }
  });
}

function serveStock(input: Readable, output: Writable): void {
  const connection = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  connection.onRequest((_method, params) => params ?? null);
  connection.listen();
}

const hosts = new Map([
  ['ours', serveOurs],
  ['raw', serveRaw],
  ['stock', serveStock],
]);

const [kind = 'ours', path] = process.argv.slice(2);
const serve = hosts.get(kind);
if (serve === undefined) throw new Error(`Expected ours, raw or stock, got ${kind}.`);
if (path === undefined) serve(process.stdin, process.stdout);
else {
  createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket, socket);
  }).listen(path, () => process.stdout.write('listening\n'));
}
