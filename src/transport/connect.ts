import { connect as connectSocket, type Socket } from 'node:net';
import { Failure } from '../kernel/failure.js';
import { failureOf } from '../kernel/peer-error.js';
import { cancelled, onAbort, within } from '../kernel/signal.js';
import { parseJson, stringifyJson } from '../kernel/value/json.js';
import { isRecord, ownKey, type Value, type ValueRecord } from '../kernel/value/value.js';
import { encodeFrame, FrameDecoder } from './framing.js';

export interface ConnectOptions {
  /** Where relative paths of requests start from, and what they run with: sent as `$/attach`. */
  readonly attach?: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly processId?: number;
  };
  /** How long the socket may take to accept, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
  /** The longest answer, in bytes. Default 1 GiB: the sidecar is trusted, its answers may be large. */
  readonly messageBytes?: number;
}

/** A client's side of a connection. */
export interface Connection {
  /** Sends a request. Rejects with the Failure of the answer, or `shutting_down` when the connection ends before it. */
  request(method: string, params?: Value, options?: { readonly signal?: AbortSignal }): Promise<Value>;
  notify(method: string, params?: Value): void;
  /** Calls back for every notification, in order; the returned function takes the callback back. */
  onNotification(listener: (method: string, params: Value | undefined) => void): () => void;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  close(): void;
}

/**
 * Connects to the sidecar's socket and speaks JSON lines with it. Rejects with the system's error (ENOENT, ECONNREFUSED:
 * nobody listens) or Failure `timeout`.
 */
export async function connect(path: string, options: ConnectOptions = {}): Promise<Connection> {
  const socket = connectSocket(path);
  const accepted = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  try {
    await within(accepted, options.timeoutMs ?? 5000, `the sidecar to accept a connection at ${path}`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return new LineClient(socket, options);
}

interface Waiting {
  readonly resolve: (value: Value) => void;
  readonly reject: (failure: Failure) => void;
}

class LineClient implements Connection {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #decoder: FrameDecoder;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(method: string, params: Value | undefined) => void>();
  #lastId = 0;
  #batch = '';
  #ended = false;

  constructor(socket: Socket, options: ConnectOptions) {
    this.#socket = socket;
    this.#decoder = new FrameDecoder({
      messageBytes: options.messageBytes ?? 1024 * 1024 * 1024,
      headerBytes: 1024,
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#end();
        resolve();
      });
    });
    socket.on('error', () => this.#end());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    if (options.attach !== undefined) this.notify('$/attach', { ...options.attach });
  }

  request(method: string, params?: Value, options: { readonly signal?: AbortSignal } = {}): Promise<Value> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(cancelled());
    if (this.#ended) return Promise.reject(ended());
    const id = ++this.#lastId;
    let stop = (): void => undefined;
    const answer = new Promise<Value>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#send({ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) });
    if (signal === undefined) return answer;
    stop = onAbort(signal, () => this.notify('$/cancelRequest', { id }));
    return answer.finally(() => stop());
  }

  notify(method: string, params?: Value): void {
    if (!this.#ended) this.#send({ jsonrpc: '2.0', method, ...(params !== undefined && { params }) });
  }

  onNotification(listener: (method: string, params: Value | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    // The sidecar answers what is in flight before it lets go: nobody waits for it any more.
    for (const id of this.#waiting.keys()) this.notify('$/cancelRequest', { id });
    this.#flush();
    this.#socket.end();
    // What the sidecar still sends is of no interest, but it has to be read for the connection to end.
    this.#socket.resume();
    this.#end();
  }

  /** Requests of one tick go out in one write. */
  #send(message: ValueRecord): void {
    if (this.#batch === '') queueMicrotask(() => this.#flush());
    this.#batch += encodeFrame('lines', stringifyJson(message));
  }

  #flush(): void {
    if (this.#batch !== '' && !this.#socket.destroyed) this.#socket.write(this.#batch);
    this.#batch = '';
  }

  #read(chunk: Buffer): void {
    this.#decoder.push(chunk);
    for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next()) {
      if (frame.kind === 'message')
        this.#take(parseJson(frame.body.toString('utf8'), Number.MAX_SAFE_INTEGER));
      else this.#socket.destroy();
    }
  }

  #take(message: Value): void {
    if (!isRecord(message)) return;
    const method = ownKey(message, 'method');
    if (typeof method === 'string') {
      for (const listener of this.#listeners) listener(method, ownKey(message, 'params'));
      return;
    }
    const id = ownKey(message, 'id');
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (typeof id !== 'number' || waiting === undefined) return;
    this.#waiting.delete(id);
    const error = ownKey(message, 'error');
    if (error === undefined) waiting.resolve(ownKey(message, 'result') ?? null);
    else waiting.reject(failureOf(error));
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) reject(ended());
    this.#waiting.clear();
  }
}

function ended(): Failure {
  return new Failure('shutting_down', 'The connection to the sidecar ended before the answer came.', {
    advice: 'Send again: a new daemon will answer. What it acknowledged before is kept.',
  });
}
