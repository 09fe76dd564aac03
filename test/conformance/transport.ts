import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../src/kernel/log.js';
import type { Framing } from '../../src/kernel/session-port.js';
import { within } from '../../src/kernel/signal.js';
import { parseJson } from '../../src/kernel/value/json.js';
import type { Value } from '../../src/kernel/value/value.js';
import { encodeFrame, FrameDecoder } from '../../src/transport/framing.js';
import type { PeerLimits } from '../../src/transport/peer-limits.js';
import { listenOnSocket } from '../../src/transport/socket-server.js';
import { sampleSessions } from '../fixtures/hosts/sample-sidecar.js';

/** The columns of the conformance tables. A new transport is a new word here; every row then needs a cell for it. */
export const transports = ['stdio-headers', 'stdio-lines', 'socket-headers', 'socket-lines'] as const;
export type Transport = (typeof transports)[number];

/** What is sent: a message to be framed, or bytes as they are. */
export type Sent = { readonly message: string } | { readonly raw: string | Buffer };

export interface Outcome {
  /** Every message that came, in order. */
  readonly messages: readonly Value[];
  /** Of a stdio process; null over a socket. */
  readonly exitCode: number | null;
}

export interface ExchangeOptions {
  readonly limits?: Partial<PeerLimits>;
  /** Send in pieces of so many bytes. */
  readonly pieces?: number;
}

export function framingOf(transport: Transport): Framing {
  return transport.endsWith('headers') ? 'headers' : 'lines';
}

/** Opens a connection, sends everything, ends the sending side, and gives all that came back until the other side ended. */
export async function exchange(
  transport: Transport,
  sent: readonly Sent[],
  options: ExchangeOptions = {},
): Promise<Outcome> {
  const framing = framingOf(transport);
  const bytes = Buffer.concat(
    sent.map((each) =>
      'raw' in each ? Buffer.from(each.raw) : Buffer.from(encodeFrame(framing, each.message)),
    ),
  );
  await using streams = await openStreams(transport, options);
  send(streams.output, bytes, options.pieces);
  const messages = await received(streams.input);
  return { messages, exitCode: await streams.ended };
}

const limitMs = 30_000;

/** A connection to a sample sidecar. Disposing it ends the host too. */
export interface Streams extends AsyncDisposable {
  readonly input: Readable;
  readonly output: Writable;
  /** The exit code of a stdio process, null over a socket, once the other side has ended. */
  readonly ended: Promise<number | null>;
}

export function openStreams(transport: Transport, options: ExchangeOptions = {}): Promise<Streams> {
  return transport.startsWith('stdio') ? stdioStreams(options) : socketStreams(options);
}

async function stdioStreams({ limits = {} }: ExchangeOptions): Promise<Streams> {
  const program = fileURLToPath(new URL('../fixtures/hosts/stdio-host.js', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(limits)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    input: child.stdout,
    output: child.stdin,
    ended: within(closed, limitMs, 'the stdio host to exit'),
    [Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
  };
}

async function socketStreams({ limits = {} }: ExchangeOptions): Promise<Streams> {
  const directory = await mkdtemp(join(tmpdir(), 'nu-sidecar-conformance-'));
  const path = join(directory, 'rpc.sock');
  const server = await listenOnSocket({ path, openSession: sampleSessions(), log: silentLog, limits });
  const socket = connect({ path, allowHalfOpen: true });
  const closed = new Promise<null>((resolve) => socket.once('end', () => resolve(null)));
  return {
    input: socket,
    output: socket,
    ended: within(closed, limitMs, 'the server to end the connection'),
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function send(output: Writable, bytes: Buffer, pieces: number | undefined): void {
  // The other side may close before it has read all: that is what some rows are about.
  output.on('error', () => undefined);
  const size = pieces ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) output.write(bytes.subarray(at, at + size));
  output.end();
}

async function received(input: Readable): Promise<readonly Value[]> {
  const decoder = new FrameDecoder();
  input.on('data', (chunk: Buffer) => decoder.push(chunk));
  const ended = new Promise<void>((resolve) => {
    input.once('end', resolve);
    input.once('close', resolve);
    input.once('error', () => resolve());
  });
  await within(ended, limitMs, 'the other side to end');
  decoder.end();
  const messages: Value[] = [];
  for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
    if (frame.kind === 'refused') throw new Error(`The answers are not framed: ${frame.message}`);
    messages.push(parseJson(frame.body.toString('utf8')));
  }
  return messages;
}
