import { displayText } from '../kernel/value/display.js';
import { DateTime, Duration, Filesize, isList, typeName, type Value } from '../kernel/value/value.js';
import type { Budget } from './budget.js';
import { shiftDate, timeBetween } from './instant.js';
import { intPower, isInt, isNumeric, plainNumber, toFloat, toInt } from './number.js';
import { EvaluationFault } from './problem.js';
import type { BinaryOperator } from './syntax.js';

export type ArithmeticOperator = Extract<BinaryOperator, '+' | '-' | '*' | '/' | '//' | '%' | '**'>;

/**
 * Applies an arithmetic operator. Ints are exact at any size, `/` gives a float, `//` and `%` round down as in Python and
 * Nushell. Durations and filesizes add, subtract, scale and divide; a date takes a duration. Throws an EvaluationFault.
 */
export function arithmetic(operator: ArithmeticOperator, left: Value, right: Value, budget: Budget): Value {
  if (isNumeric(left) && isNumeric(right)) {
    return isInt(left) && isInt(right)
      ? intArithmetic(operator, left, right)
      : floatArithmetic(operator, Number(plainNumber(left)), Number(plainNumber(right)));
  }
  const result = other(operator, left, right, budget);
  if (result !== undefined) return result;
  throw unsuitable(operator, left, right);
}

export function negate(value: Value): Value {
  if (isInt(value)) return value === 0 ? 0 : toInt(-BigInt(value));
  if (isNumeric(value)) return toFloat(-Number(plainNumber(value)));
  if (value instanceof Duration) return new Duration(-value.nanoseconds);
  if (value instanceof Filesize) return new Filesize(-value.bytes);
  throw new EvaluationFault(`Cannot negate ${typeName(value)}.`, {
    expected: 'a number',
    got: typeName(value),
  });
}

/** `left ~ right`: the texts of two values joined. */
export function concatenate(left: Value, right: Value, budget: Budget): string {
  return budget.text(textOf(left, budget) + textOf(right, budget));
}

/** The text of a value as it is printed; what a list or record will cost is charged before it is made. */
export function textOf(value: Value, budget: Budget): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) budget.textLength(budget.weigh(value));
  return displayText(value);
}

function intArithmetic(operator: ArithmeticOperator, left: number | bigint, right: number | bigint): Value {
  if (typeof left === 'number' && typeof right === 'number' && operator !== '**') {
    const fast = smallIntArithmetic(operator, left, right);
    if (fast !== undefined) return fast;
  }
  const a = BigInt(left);
  const b = BigInt(right);
  switch (operator) {
    case '+':
      return toInt(a + b);
    case '-':
      return toInt(a - b);
    case '*':
      return toInt(a * b);
    case '/':
      return toFloat(Number(left) / Number(nonZero(right)));
    case '//':
      nonZero(right);
      return toInt((a - modulo(a, b)) / b);
    case '%':
      nonZero(right);
      return toInt(modulo(a, b));
    case '**':
      return b < 0n ? toFloat(Number(left) ** Number(right)) : intPower(a, b);
  }
}

/** Two numbers whose result is safe too; undefined when it takes bigints. */
function smallIntArithmetic(operator: ArithmeticOperator, left: number, right: number): Value | undefined {
  let result: number;
  switch (operator) {
    case '+':
      result = left + right;
      break;
    case '-':
      result = left - right;
      break;
    case '*':
      result = left * right;
      break;
    case '%':
      result = left - right * Math.floor(left / Number(nonZero(right)));
      break;
    default:
      return undefined;
  }
  // `+ 0` turns -0 (0 * -1) into the int 0.
  return Number.isSafeInteger(result) && Number.isSafeInteger(left) && Number.isSafeInteger(right)
    ? result + 0
    : undefined;
}

function modulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function floatArithmetic(operator: ArithmeticOperator, left: number, right: number): Value {
  switch (operator) {
    case '+':
      return toFloat(left + right);
    case '-':
      return toFloat(left - right);
    case '*':
      return toFloat(left * right);
    case '/':
      return toFloat(left / Number(nonZero(right)));
    case '//':
      return toFloat(Math.floor(left / Number(nonZero(right))));
    case '%':
      return toFloat(left - Number(nonZero(right)) * Math.floor(left / right));
    case '**':
      return toFloat(left ** right);
  }
}

function nonZero(value: number | bigint): number | bigint {
  if (Number(value) !== 0) return value;
  throw new EvaluationFault('Division by zero.', { expected: 'a divisor other than 0', got: '0' });
}

function other(operator: ArithmeticOperator, left: Value, right: Value, budget: Budget): Value | undefined {
  if (left instanceof Duration || right instanceof Duration) return withDuration(operator, left, right);
  if (left instanceof Filesize || right instanceof Filesize) return withFilesize(operator, left, right);
  if (left instanceof DateTime && right instanceof DateTime) {
    return operator === '-' ? new Duration(timeBetween(right, left)) : undefined;
  }
  if (operator === '+' && typeof left === 'string' && typeof right === 'string')
    return budget.text(left + right);
  if (operator === '+' && isList(left) && isList(right)) {
    budget.charge(left.length + right.length);
    return [...left, ...right];
  }
  if (operator === '*' && typeof left === 'string' && typeof right === 'number' && Number.isInteger(right)) {
    const times = Math.max(0, right);
    budget.textLength(left.length * times);
    return left.repeat(times);
  }
  return undefined;
}

function withDuration(operator: ArithmeticOperator, left: Value, right: Value): Value | undefined {
  if (left instanceof DateTime && right instanceof Duration) {
    if (operator === '+') return shiftDate(left, right.nanoseconds);
    return operator === '-' ? shiftDate(left, -right.nanoseconds) : undefined;
  }
  if (left instanceof Duration && right instanceof DateTime) {
    return operator === '+' ? shiftDate(right, left.nanoseconds) : undefined;
  }
  const a = left instanceof Duration ? left.nanoseconds : scalar(left);
  const b = right instanceof Duration ? right.nanoseconds : scalar(right);
  const both = left instanceof Duration && right instanceof Duration;
  const result = quantity(operator, a, b, both, right instanceof Duration);
  return typeof result === 'bigint' ? new Duration(result) : result?.ratio;
}

function withFilesize(operator: ArithmeticOperator, left: Value, right: Value): Value | undefined {
  const a = left instanceof Filesize ? left.bytes : scalar(left);
  const b = right instanceof Filesize ? right.bytes : scalar(right);
  const both = left instanceof Filesize && right instanceof Filesize;
  const result = quantity(operator, a, b, both, right instanceof Filesize);
  return typeof result === 'bigint' ? new Filesize(result) : result?.ratio;
}

function scalar(value: Value): number | bigint | undefined {
  return isNumeric(value) ? plainNumber(value) : undefined;
}

/** Arithmetic of quantities: with each other (`both`), or scaled by a number. A bigint is again a quantity, a ratio is not. */
function quantity(
  operator: ArithmeticOperator,
  a: number | bigint | undefined,
  b: number | bigint | undefined,
  both: boolean,
  rightIsQuantity: boolean,
): bigint | { readonly ratio: Value } | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (both) {
    if (operator === '+') return BigInt(a) + BigInt(b);
    if (operator === '-') return BigInt(a) - BigInt(b);
    if (operator === '%') return modulo(BigInt(a), BigInt(nonZero(b)));
    if (operator === '/') return { ratio: toFloat(Number(a) / Number(nonZero(b))) };
    return operator === '//' ? { ratio: intArithmetic('//', BigInt(a), BigInt(b)) } : undefined;
  }
  if (operator === '*') return scaled(a, b);
  if (operator === '/' && !rightIsQuantity) {
    nonZero(b);
    return isInt(b) ? BigInt(a) / BigInt(b) : scaled(a, 1 / Number(b));
  }
  return undefined;
}

function scaled(a: number | bigint, b: number | bigint): bigint {
  if (isInt(a) && isInt(b)) return BigInt(toInt(BigInt(a) * BigInt(b)));
  const product = Number(a) * Number(b);
  if (Number.isFinite(product)) return BigInt(Math.trunc(product));
  throw new EvaluationFault('The product is not a finite number.', { got: String(product) });
}

function unsuitable(operator: ArithmeticOperator, left: Value, right: Value): EvaluationFault {
  const got = `${typeName(left)} ${operator} ${typeName(right)}`;
  const text = operator === '+' && (typeof left === 'string' || typeof right === 'string');
  const advice = text
    ? 'Use `~` to join values as text.'
    : 'Convert one side with a filter such as int, float or string.';
  return new EvaluationFault(
    `The operator \`${operator}\` does not work on ${typeName(left)} and ${typeName(right)}.`,
    {
      expected: 'two numbers, or types that go together',
      got,
      advice,
    },
  );
}
