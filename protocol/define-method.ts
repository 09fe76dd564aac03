import type { z } from 'zod';
import type { ErrorName } from './errors.js';

/** Who sends it: `client` = client to sidecar, `sidecar` = sidecar to client. */
export type Direction = 'client' | 'sidecar';

/** A JSON-RPC method is served over REST too, under this verb and path; `{name}` in the path is a param. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
}

/** Params that exclude each other: exactly one of them when `required`, else at most one. */
export interface OneOf {
  readonly fields: readonly [string, string, ...string[]];
  readonly required: boolean;
}

/** A method that is answered. One value is the whole contract: types, schemas and the manual come from it. */
export interface RequestDefinition<
  Name extends string = string,
  Params extends z.ZodObject = z.ZodObject,
  Result extends z.ZodType = z.ZodType,
> {
  readonly kind: 'request';
  readonly name: Name;
  readonly direction: Direction;
  /** One sentence or two, as the manual prints them. */
  readonly summary: string;
  /** By name. No `refine`, no `transform`, no defaults: handlers get the params as they came. */
  readonly params: Params;
  readonly result: Result;
  readonly oneOf: readonly OneOf[];
  /** Beside those any request may end with: see `commonErrors`. */
  readonly errors: readonly ErrorName[];
  readonly rest: RestRoute | null;
  readonly example: { readonly params: z.input<Params>; readonly result: z.input<Result> };
}

/** A method that is not answered. */
export interface NotificationDefinition<
  Name extends string = string,
  Params extends z.ZodObject = z.ZodObject,
> {
  readonly kind: 'notification';
  readonly name: Name;
  readonly direction: Direction;
  readonly summary: string;
  readonly params: Params;
  readonly example: { readonly params: z.input<Params> };
}

export type MethodDefinition = RequestDefinition | NotificationDefinition;

/** Errors that every request may end with. */
export const commonErrors = [
  'invalid_params',
  'internal_error',
  'request_cancelled',
  'busy',
  'shutting_down',
] as const satisfies readonly ErrorName[];

/** Defines a request; clients send it unless `direction` says otherwise. */
export function defineRequest<
  const Name extends string,
  Params extends z.ZodObject,
  Result extends z.ZodType,
>(
  definition: Omit<
    RequestDefinition<Name, Params, Result>,
    'kind' | 'direction' | 'oneOf' | 'errors' | 'rest'
  > &
    Partial<Pick<RequestDefinition<Name, Params, Result>, 'direction' | 'oneOf' | 'errors' | 'rest'>>,
): RequestDefinition<Name, Params, Result> {
  return { direction: 'client', oneOf: [], errors: [], rest: null, ...definition, kind: 'request' };
}

/** Defines a notification. */
export function defineNotification<const Name extends string, Params extends z.ZodObject>(
  definition: Omit<NotificationDefinition<Name, Params>, 'kind'>,
): NotificationDefinition<Name, Params> {
  return { ...definition, kind: 'notification' };
}
