import type { z } from 'zod';
import type { methods } from '../../protocol/catalogue.js';
import type { MethodDefinition, RequestDefinition } from '../../protocol/define-method.js';
import type { sessionMethods } from '../../protocol/session.js';
import type { RequestContext } from './context.js';
import type { Value } from './value/value.js';

/**
 * A schema's type as the program sees it: `unknown` is a {@link Value} (the codec makes nothing else), everything is
 * readonly, and an absent field is absent, never undefined.
 */
export type Known<T> = unknown extends T
  ? Value
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Element)[]
      ? readonly Known<Element>[]
      : { readonly [Key in keyof T]: Known<Exclude<T[Key], undefined>> };

export type ParamsOf<Method extends MethodDefinition> = Known<z.output<Method['params']>>;
export type ResultOf<Method extends RequestDefinition> = Known<z.input<Method['result']>>;

/** Answers a request. Throws Failures of the method's errors; anything else becomes `internal_error`. */
export type HandlerOf<Method extends RequestDefinition> = (
  params: ParamsOf<Method>,
  context: RequestContext,
) => Promise<ResultOf<Method>> | ResultOf<Method>;

/** The handlers of a list of methods, by name: `const fileHandlers = … satisfies HandlersOf<typeof fileMethods>`. */
export type HandlersOf<Methods extends readonly MethodDefinition[]> = {
  readonly [Method in Extract<Methods[number], RequestDefinition> as Method['name']]: HandlerOf<Method>;
};

/** The handlers of every request of this package but those of a session's life, which `session/` answers itself. */
export type Handlers = Omit<HandlersOf<typeof methods>, (typeof sessionMethods)[number]['name']>;

/** A handler of any method, for tables that are open at run time. */
export type AnyHandler = (params: never, context: RequestContext) => Promise<Value> | Value;
