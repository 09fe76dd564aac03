import { randomUUID } from 'node:crypto';
import type { RequestContext, SessionInfo } from '../kernel/context.js';
import type { Log } from '../kernel/log.js';
import type { Cancellable } from '../kernel/session-port.js';

/**
 * The context of one request of a session. Its parts are made when they are used: an AbortSignal, a child logger and a
 * trace id together cost more than a small request, and most requests use none of them.
 */
export class SessionRequest implements RequestContext {
  readonly session: SessionInfo;
  readonly #parentLog: Log;
  readonly #method: string;
  readonly #call: Cancellable;
  #log: Log | null = null;
  #traceId: string | null = null;

  constructor(session: SessionInfo, parentLog: Log, method: string, call: Cancellable) {
    this.session = session;
    this.#parentLog = parentLog;
    this.#method = method;
    this.#call = call;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  get traceId(): string {
    this.#traceId ??= randomUUID().replaceAll('-', '');
    return this.#traceId;
  }

  get log(): Log {
    this.#log ??= this.#parentLog.child({ method: this.#method, traceId: this.traceId });
    return this.#log;
  }
}
