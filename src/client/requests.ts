import type { methods } from '../../protocol/catalogue.js';
import type { RequestDefinition } from '../../protocol/define-method.js';
import type { ParamsOf, ResultOf } from '../kernel/handlers.js';
import { isRecord, ownKey, type Value } from '../kernel/value/value.js';

type Requests = Extract<(typeof methods)[number], RequestDefinition>;

/** The name of a request of this package. */
export type RequestName = Requests['name'];

/** The params and the result of a request, by its name. */
export type RequestParams<Name extends RequestName> = ParamsOf<Extract<Requests, { readonly name: Name }>>;
export type RequestResult<Name extends RequestName> = ResultOf<Extract<Requests, { readonly name: Name }>>;

/** A run as `run/get` gives it. */
export type Run = RequestResult<'run/get'>;
export type Task = Run['tasks'][number];

const readers =
  /^(?:sidecar\/status|template\/.+|file\/.+|nu\/(?:version|commands)|workflow\/(?:list|validate|plan)|run\/.+|state\/.+)$/;

/**
 * Whether a request may be sent again when the connection was lost before its answer: it reads, or doing it twice is as doing it
 * once. A submit is, when it carries an idempotency key. Of methods unknown here nothing is assumed.
 */
export function isRepeatable(method: string, params: Value): boolean {
  if (method === 'workflow/submit') return isRecord(params) && ownKey(params, 'idempotencyKey') !== undefined;
  return readers.test(method);
}
