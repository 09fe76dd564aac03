import type { Value } from './value/value.js';

/** How messages are told apart on a byte stream: Content-Length headers (LSP 3.17 §Base Protocol), or one JSON text a line. */
export type Framing = 'headers' | 'lines';

/** What our own proxy and CLI say about themselves before they pass anything on; see `$/attach`. */
export interface Attachment {
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>> | null;
  readonly processId: number | null;
}

/** A connection as its session sees it. */
export interface SessionLink {
  readonly framing: Framing;
  readonly attachment: Attachment | null;
  /** Sends a notification, in order with the answers; dropped once the connection has ended. */
  notify(method: string, params: Value): void;
  /** Ends the connection: requests in flight are cancelled, answered, and nothing more is read. */
  end(): void;
}

/** What can take a request back. The signal is made when it is asked for: it costs more than all else of a small request. */
export interface Cancellable {
  readonly signal: AbortSignal;
}

/** A session as its connection sees it. */
export interface SessionPort {
  /** Answers a request; rejects with a Failure. */
  request(method: string, params: Value | undefined, call: Cancellable): Promise<Value>;
  notification(method: string, params: Value | undefined): void;
  /** Whether `shutdown` was answered: a process that ends after it ends with 0. */
  readonly shutDown: boolean;
  /** The connection has ended, whoever ended it. Called once. */
  close(): void;
}

/** Opens the session of a connection, as soon as its framing is known. */
export type OpenSession = (link: SessionLink) => SessionPort;
