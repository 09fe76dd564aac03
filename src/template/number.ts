import { Float, type Value } from '../kernel/value/value.js';
import { EvaluationFault } from './problem.js';

/** An int or a float of the value model. */
export type Numeric = number | bigint | Float;

/** Integers may have any size, but not any time: multiplying longer ones is refused. */
const maxIntBits = 4096;

export function isNumeric(value: Value): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
}

export function isInt(value: Value): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** The JavaScript number or bigint behind a numeric value; `<` and `==` compare any two of them exactly. */
export function plainNumber(value: Numeric): number | bigint {
  return value instanceof Float ? value.value : value;
}

/** A float of the value model: whole numbers are wrapped, so that 1.0 stays a float. */
export function toFloat(value: number): Value {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** An int of the value model: a number when it is safe, else a bigint; throws the budget fault beyond 4096 bits. */
export function toInt(value: bigint): number | bigint {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER))
    return Number(value);
  if (BigInt.asIntN(maxIntBits, value) !== value) throw intFault();
  return value;
}

/** The fault of an integer that would be too large. */
function intFault(): EvaluationFault {
  const detail = {
    expected: `at most ${maxIntBits} bits`,
    advice: 'Use a float (1.0) for very large numbers.',
  };
  return new EvaluationFault('The integer is too large.', detail, 'template_budget');
}

/** base ** exponent for integers, exponent not negative; refused before it is computed when it would be too large. */
export function intPower(base: bigint, exponent: bigint): number | bigint {
  const size = base < 0n ? -base : base;
  if (size > 1n && exponent * BigInt(size.toString(2).length - 1) > BigInt(maxIntBits)) throw intFault();
  if (size <= 1n) return toInt(exponent % 2n === 0n ? size : base);
  return toInt(base ** exponent);
}

/** The index an argument names: a safe int, or undefined. */
export function toIndex(value: Value | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}
