import type { Log } from './log.js';
import type { Value } from './value/value.js';

/** The client behind a request, for as long as its connection lives. */
export interface SessionInfo {
  readonly id: string;
  /** What `initialize` said, null before or without it. */
  readonly client: { readonly name: string; readonly version: string | null } | null;
  /** The folder relative paths of its requests start from unless they name their own: absolute, null when unknown. */
  readonly cwd: string | null;
  /** The environment its requests run with unless they name their own; null when unknown. */
  readonly env: Readonly<Record<string, string>> | null;
  /** Sends a notification, in order with the answers. Dropped once the session has ended. */
  notify(method: string, params: Value): void;
  /** Calls back once when the session ends, at once when it has; the returned function takes the callback back. */
  onClose(callback: () => void): () => void;
}

/** What a handler knows of the request beside its params. */
export interface RequestContext {
  /** Fires when the client cancels or goes away: the work stops, and the answer is `request_cancelled`. */
  readonly signal: AbortSignal;
  readonly session: SessionInfo;
  /** Entries carry the trace id and the method. */
  readonly log: Log;
  /** 32 hexadecimal digits (W3C trace-id), one a request; processes get it as SIDECAR_TRACE_ID. */
  readonly traceId: string;
}
