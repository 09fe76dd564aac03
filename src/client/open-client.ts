import { Failure } from '../kernel/failure.js';
import { pause } from '../kernel/signal.js';
import type { Value } from '../kernel/value/value.js';
import { type Connection, type ConnectOptions, connect } from '../transport/connect.js';
import { isRepeatable, type RequestName, type RequestParams, type RequestResult } from './requests.js';

/** A daemon as a client needs to know it. */
export interface Contact {
  readonly rpcSocket: string;
  readonly epoch: number;
}

export interface Loss {
  readonly contact: Contact;
  /** It said that it was ending: it is to be waited for, not to be used again. */
  readonly ending: boolean;
}

export interface ClientOptions {
  /** Finds the daemon, or starts one. `lost` is the one whose connection broke in use. */
  readonly reach: (lost: Loss | null) => Promise<Contact>;
  /** What requests run with unless they say otherwise. */
  readonly attachment: NonNullable<ConnectOptions['attach']>;
  /** Told each time a connection broke and another daemon is looked for. */
  readonly onLost?: () => void;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** A client that outlives the daemon it talks to: it reaches the next one and sends again what may be sent again. */
export interface Client {
  /** Sends a request of this package. Rejects with the Failure of the answer. */
  request<Name extends RequestName>(
    method: Name,
    params: RequestParams<Name>,
    options?: RequestOptions,
  ): Promise<RequestResult<Name>>;
  /** Sends any request. */
  call(method: string, params: Value, options?: RequestOptions): Promise<Value>;
  onNotification(listener: (method: string, params: Value) => void): () => void;
  /** Resolves when the connection in use now is lost; at once when there is none. */
  lost(): Promise<void>;
  close(): Promise<void>;
}

/** A daemon that is killed again and again is not what a client waits out. */
const maxLosses = 5;
/** How soon after the refusal of a daemon the end of its connection counts as the same event, in milliseconds. */
const graceMs = 100;

/** Makes a client; it connects with the first request. */
export function openClient(options: ClientOptions): Client {
  const listeners = new Set<(method: string, params: Value) => void>();
  let current: Promise<Link> | null = null;
  let lost: Loss | null = null;
  let closed = false;

  const link = async (): Promise<Link> => {
    const contact = await options.reach(lost);
    const connection = await connect(contact.rpcSocket, { attach: options.attachment });
    lost = null;
    connection.onNotification((method, params) => {
      for (const listener of listeners) listener(method, params ?? null);
    });
    return { connection, contact, used: false };
  };
  const linked = (): Promise<Link> => {
    if (current !== null) return current;
    const attempt = link();
    const forget = () => {
      if (current === attempt) current = null;
    };
    current = attempt;
    attempt.then((made) => {
      void made.connection.closed.then(() => {
        // A connection that broke before it was of any use says nothing about the daemon: it may have ended by idleness.
        if (current === attempt && made.used) {
          lost = { contact: made.contact, ending: false };
          if (!closed) options.onLost?.();
        }
        forget();
      });
    }, forget);
    return attempt;
  };

  const call = async (method: string, params: Value, { signal }: RequestOptions = {}): Promise<Value> => {
    for (let losses = 0; ; losses += 1) {
      const made = await linked().catch((error: unknown) => {
        if (error instanceof Failure || losses >= maxLosses) throw error;
        return null;
      });
      // The daemon that was found has ended before it accepted: the next one is looked for.
      if (made === null) continue;
      try {
        const result = await made.connection.request(method, params, signal === undefined ? {} : { signal });
        made.used = true;
        return result;
      } catch (error) {
        // The answer of a daemon that is ending, or what the connection says when it breaks.
        const mayRepeat =
          error instanceof Failure && error.error === 'shutting_down' && isRepeatable(method, params);
        if (closed || !mayRepeat || losses >= maxLosses) throw error;
        await leave(made);
      }
    }
  };
  /** Gives up the connection of a daemon that is ending and would refuse again; a broken one is given up already. */
  const leave = async (made: Link): Promise<void> => {
    const gone = await Promise.race([
      made.connection.closed.then(() => true),
      pause(graceMs).then(() => false),
    ]);
    if (gone) return;
    lost = { contact: made.contact, ending: true };
    current = null;
    options.onLost?.();
    made.connection.close();
  };

  return {
    call,
    // The build rule refuses a daemon of another protocol version, so the result has the shape of the catalogue.
    request: async (method, params, requestOptions) =>
      (await call(method, params, requestOptions)) as RequestResult<typeof method>,
    onNotification: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lost: async () => {
      if (current !== null) await current.then(({ connection }) => connection.closed).catch(() => undefined);
    },
    close: async () => {
      closed = true;
      await current?.then(({ connection }) => connection.close()).catch(() => undefined);
    },
  };
}

interface Link {
  readonly connection: Connection;
  readonly contact: Contact;
  /** Whether it has answered a request. */
  used: boolean;
}
