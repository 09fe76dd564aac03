import type { Catalogue } from '../../protocol/catalogue.js';
import type { RequestContext } from './context.js';
import type { AnyHandler } from './handlers.js';
import type { Log } from './log.js';
import type { Value } from './value/value.js';

/**
 * Answers a request: the only path from any client, and from `call` tasks, to a handler. Params are checked against the
 * method's schema. Rejects with a Failure, never with another error.
 */
export type Dispatch = (method: string, params: Value | undefined, context: RequestContext) => Promise<Value>;

export interface DispatchOptions {
  readonly catalogue: Catalogue;
  /** By method name; own keys only. `satisfies Handlers` proves that none is missing. */
  readonly handlers: Readonly<Record<string, AnyHandler>>;
  readonly log: Log;
}

export declare function createDispatch(options: DispatchOptions): Dispatch;
