import { connect, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { stringifyJson } from '../kernel/value/json.js';
import type { ValueRecord } from '../kernel/value/value.js';
import { createExitWatch, type ExitWatch } from './exit-watch.js';

export interface ProxyOptions {
  readonly rpcSocket: string;
  /** What `$/attach` tells the daemon about the caller. */
  readonly attachment: ValueRecord;
  readonly input: Readable;
  readonly output: Writable;
  /** Fires on SIGHUP, SIGTERM, Ctrl-C or the death of the parent: requests in flight are cancelled instead of awaited. */
  readonly hangup: AbortSignal;
}

/** How a proxy ended: the exit code of its process, and a sentence for stderr if the daemon ended it unasked. */
export interface ProxyEnd {
  readonly exitCode: 0 | 1;
  readonly message: string | null;
}

/**
 * Connects a pair of pipes with the daemon and pumps bytes both ways, with the back pressure of both. The end of the input is
 * passed on, so that requests in flight are still answered; a caller that stops reading, or hangs up, cancels them. Rejects
 * with the system's error when nobody listens.
 */
export async function proxyStdio(options: ProxyOptions): Promise<ProxyEnd> {
  const { input, output, hangup } = options;
  const socket = connect({ path: options.rpcSocket, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const watch = createExitWatch();
  const hangUp = () => socket.destroy();
  hangup.addEventListener('abort', hangUp, { once: true });
  if (hangup.aborted) hangUp();
  output.once('error', hangUp);
  socket.on('error', hangUp);
  socket.write(`${stringifyJson({ jsonrpc: '2.0', method: '$/attach', params: options.attachment })}\n`);
  input.on('data', (chunk: Buffer) => watch.push(chunk));
  input.pipe(socket);
  socket.pipe(output, { end: false });
  await closed(socket);
  hangup.removeEventListener('abort', hangUp);
  const atEnd = input.readableEnded;
  input.unpipe(socket);
  input.pause();
  if (hangup.aborted || output.errored !== null) return { exitCode: 1, message: null };
  return endOf(watch, atEnd);
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
    // The daemon has said its last word: nothing more can be answered, so nothing more is sent.
    socket.once('end', () => socket.end());
  });
}

/** LSP 3.17 §exit: 0 only after `shutdown`. JSON lines have no handshake: the end of the input is success. */
function endOf(watch: ExitWatch, atEnd: boolean): ProxyEnd {
  if (watch.sawExit) return { exitCode: watch.sawShutdown ? 0 : 1, message: null };
  if (atEnd) return { exitCode: watch.framing === 'headers' && !watch.sawShutdown ? 1 : 0, message: null };
  return {
    exitCode: 1,
    message: 'The sidecar ended the connection: the stream was malformed, or the sidecar has ended.',
  };
}
