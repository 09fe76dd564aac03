import { randomUUID } from 'node:crypto';
import type { Catalogue } from '../../protocol/catalogue.js';
import { checkParams } from './check-params.js';
import type { RequestContext } from './context.js';
import { Failure } from './failure.js';
import type { AnyHandler } from './handlers.js';
import type { Log } from './log.js';
import { cancelled, isCancellation } from './signal.js';
import { suggest } from './suggest.js';
import type { Value } from './value/value.js';

/**
 * Answers a request: the only path from any client, and from `call` tasks, to a handler. Params are checked against the
 * method's schema. Rejects with a Failure, never with another error.
 */
export type Dispatch = (method: string, params: Value | undefined, context: RequestContext) => Promise<Value>;

export interface DispatchOptions {
  readonly catalogue: Catalogue;
  /** By method name. `satisfies Handlers` proves that none is missing. */
  readonly handlers: Readonly<Record<string, AnyHandler>>;
  readonly log: Log;
}

/** Makes the path of a request. A handler that ignores its signal is waited for: a cancelled request is answered when its work stopped. */
export function createDispatch({ catalogue, handlers, log }: DispatchOptions): Dispatch {
  const table = new Map(Object.entries(handlers));
  return async (method, params, context) => {
    const definition = catalogue.request(method);
    const handler = table.get(method);
    if (definition === undefined || handler === undefined) throw unknownMethod(method, [...table.keys()]);
    // The check gives exactly what the handler's type says: both come from the method's schema.
    const checked = checkParams(definition, params) as never;
    try {
      return await handler(checked, context);
    } catch (error) {
      throw asFailure(error, method, context, log);
    }
  };
}

function unknownMethod(method: string, known: readonly string[]): Failure {
  const hint = suggest(method, known);
  return new Failure('method_not_found', `There is no method ${JSON.stringify(method.slice(0, 200))}.`, {
    expected: 'a method of docs/methods.md',
    got: method.slice(0, 200),
    ...(hint !== undefined && { advice: `Did you mean ${hint}?` }),
  });
}

/** A plain Error may say anything (paths, secrets, code): it stays in the log, under an id that the client can name. */
function asFailure(error: unknown, method: string, context: RequestContext, log: Log): Failure {
  if (isCancellation(error, context.signal)) return stopReason(context.signal);
  if (error instanceof Failure) return error;
  const errorId = randomUUID();
  log.error({ err: error, method, errorId, traceId: context.traceId }, 'A handler failed unexpectedly.');
  return new Failure('internal_error', `${method} failed inside the sidecar.`, {
    advice: `Its log has the details under ${errorId}.`,
    errorId,
  });
}

/** Whoever fired the signal may say why: a daemon that ends is no client that cancels. */
function stopReason(signal: AbortSignal): Failure {
  return signal.reason instanceof Failure ? signal.reason : cancelled();
}
