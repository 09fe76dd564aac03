import type { Value } from '../kernel/value/value.js';

/** A place in a source text: offsets in UTF-16 units, `end` behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What every expression node knows about the tree below it: the budgets are charged by `size`, and `depth` is limited. */
interface Node extends Span {
  readonly depth: number;
  readonly size: number;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '**'
  | '~'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'not in';

/** An argument of a filter, a test or a function; `name` is set for a keyword argument. */
export interface Argument extends Span {
  readonly name: string | undefined;
  readonly value: Expression;
}

export type Expression =
  | (Node & { readonly kind: 'literal'; readonly value: Value })
  | (Node & { readonly kind: 'name'; readonly name: string })
  | (Node & { readonly kind: 'list'; readonly items: readonly Expression[] })
  | (Node & { readonly kind: 'record'; readonly entries: readonly (readonly [Expression, Expression])[] })
  | (Node & {
      readonly kind: 'attribute';
      readonly target: Expression;
      readonly key: string;
      readonly keySpan: Span;
    })
  | (Node & { readonly kind: 'index'; readonly target: Expression; readonly key: Expression })
  | (Node & {
      readonly kind: 'slice';
      readonly target: Expression;
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
      readonly by: Expression | undefined;
    })
  | (Node & { readonly kind: 'unary'; readonly operator: '-' | '+' | 'not'; readonly operand: Expression })
  | (Node & {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      /** `a < b < c`: true when each neighbouring pair is; every operand is evaluated once. */
      readonly kind: 'chain';
      readonly operators: readonly BinaryOperator[];
      readonly operands: readonly Expression[];
    })
  | (Node & {
      readonly kind: 'logic';
      readonly operator: 'and' | 'or';
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly chosen: Expression;
      readonly otherwise: Expression | undefined;
    })
  | (Node & {
      readonly kind: 'filter';
      readonly name: string;
      readonly nameSpan: Span;
      readonly target: Expression;
      readonly arguments: readonly Argument[];
    })
  | (Node & {
      readonly kind: 'test';
      readonly name: string;
      readonly nameSpan: Span;
      readonly negated: boolean;
      readonly target: Expression;
      readonly arguments: readonly Argument[];
    })
  | (Node & { readonly kind: 'call'; readonly target: Expression; readonly arguments: readonly Argument[] });

export type Statement =
  | (Span & { readonly kind: 'text'; readonly text: string })
  | (Span & { readonly kind: 'output'; readonly expression: Expression })
  | (Span & {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Expression; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
    })
  | (Span & {
      readonly kind: 'for';
      readonly targets: readonly string[];
      readonly iterable: Expression;
      readonly condition: Expression | undefined;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    })
  | (Span & {
      readonly kind: 'set';
      readonly targets: readonly string[];
      readonly value: Expression;
      /** `set_global`: assigns in the outermost scope of the template, so that a loop can leave a value behind. */
      readonly global: boolean;
    })
  | (Span & { readonly kind: 'capture'; readonly target: string; readonly body: readonly Statement[] })
  | (Span & {
      readonly kind: 'include';
      readonly names: Expression;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    })
  | (Span & { readonly kind: 'break' | 'continue' });
