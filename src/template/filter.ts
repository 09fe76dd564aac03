import type { Value } from '../kernel/value/value.js';
import type { Budget } from './budget.js';
import type { Signature } from './signature.js';

/** What a filter or a test may use beside its input and its arguments. */
export interface Toolbox {
  readonly budget: Budget;
  /** Wall time in milliseconds since 1970. */
  now(): number;
  /** Applies another filter by name (`map('upper')`). Throws an EvaluationFault when it is unknown. */
  applyFilter(name: string, input: Value, args: readonly Value[]): Value | undefined;
  /** Applies a test by name (`select('odd')`). Throws an EvaluationFault when it is unknown. */
  applyTest(name: string, input: Value, args: readonly Value[]): boolean;
}

/** Arguments in the order of the signature, undefined where one was left out. */
export type Arguments = readonly (Value | undefined)[];

/** One form of a filter. A result of undefined is a missing value (`[]|first`), which `default` replaces. */
export interface FilterForm extends Signature {
  apply(input: Value, args: Arguments, tools: Toolbox): Value | undefined;
}

export interface Filter extends FilterForm {
  /** A second form in Tera's words, used when every argument is one of its keywords. */
  readonly tera?: FilterForm;
}

export interface Test extends Signature {
  holds(input: Value, args: Arguments, tools: Toolbox): boolean;
}
