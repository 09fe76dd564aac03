import { displayText } from '../kernel/value/display.js';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  isList,
  isRecord,
  Range,
  typeName,
  type Value,
} from '../kernel/value/value.js';
import type { Budget } from './budget.js';
import { instantOf } from './instant.js';
import { isNumeric, plainNumber } from './number.js';
import { EvaluationFault } from './problem.js';

/** Whether two values are equal: 1 and 1.0 are, dates are when they are the same moment, other types never mix. */
export function equal(left: Value, right: Value, budget: Budget, depth = 0): boolean {
  if (typeof left !== 'string' && left === right) return true;
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false;
    budget.charge(left.length >> 4);
    return left === right;
  }
  if (isNumeric(left) && isNumeric(right)) return sameNumber(plainNumber(left), plainNumber(right));
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) return false;
  budget.charge(1);
  if (depth > budget.limits.depth) throw budget.depthFault('A value');
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length) return false;
    return left.every((item, index) => equal(item, right[index] ?? null, budget, depth + 1));
  }
  if (left instanceof Duration) return right instanceof Duration && left.nanoseconds === right.nanoseconds;
  if (left instanceof Filesize) return right instanceof Filesize && left.bytes === right.bytes;
  if (left instanceof DateTime) return right instanceof DateTime && sameMoment(left, right);
  if (left instanceof Range) return right instanceof Range && displayText(left) === displayText(right);
  if (left instanceof CellPath) return right instanceof CellPath && left.text === right.text;
  if (left instanceof Uint8Array) return right instanceof Uint8Array && Buffer.compare(left, right) === 0;
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every(
    (key) => Object.hasOwn(right, key) && equal(left[key] ?? null, right[key] ?? null, budget, depth + 1),
  );
}

/** Exact between a number and a bigint, and NaN equals nothing. */
function sameNumber(left: number | bigint, right: number | bigint): boolean {
  return left >= right && left <= right;
}

function sameMoment(left: DateTime, right: DateTime): boolean {
  return left.rfc3339 === right.rfc3339 || instantOf(left).nanoseconds === instantOf(right).nanoseconds;
}

/** Negative, zero or positive as left is below, equal to or above right; throws an EvaluationFault for types without an order. */
export function order(left: Value, right: Value, budget: Budget): number {
  const result = tryOrder(left, right, budget);
  if (result !== undefined) return result;
  throw new EvaluationFault(`Cannot compare ${typeName(left)} with ${typeName(right)}.`, {
    expected: 'two numbers, texts, dates, durations, filesizes or lists of them',
    got: `${typeName(left)} and ${typeName(right)}`,
    advice: 'Convert one side with a filter such as int, float or string.',
  });
}

function tryOrder(left: Value, right: Value, budget: Budget): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    budget.charge(Math.min(left.length, right.length) >> 4);
    return compare(left, right);
  }
  if (isNumeric(left) && isNumeric(right)) return compare(plainNumber(left), plainNumber(right));
  if (left instanceof Duration && right instanceof Duration)
    return compare(left.nanoseconds, right.nanoseconds);
  if (left instanceof Filesize && right instanceof Filesize) return compare(left.bytes, right.bytes);
  if (left instanceof DateTime && right instanceof DateTime) {
    return compare(instantOf(left).nanoseconds, instantOf(right).nanoseconds);
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') return compare(Number(left), Number(right));
  if (isList(left) && isList(right)) return orderLists(left, right, budget);
  return undefined;
}

function orderLists(left: readonly Value[], right: readonly Value[], budget: Budget): number {
  budget.charge(Math.min(left.length, right.length));
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const a = left[index] ?? null;
    const b = right[index] ?? null;
    const result = equal(a, b, budget) ? 0 : order(a, b, budget);
    if (result !== 0) return result;
  }
  return compare(left.length, right.length);
}

function compare<T extends string | number | bigint>(left: T, right: T): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

/** Whether a container holds a value: an item of a list, a part of a text, a key of a record, a number of a range. */
export function contains(container: Value, value: Value, budget: Budget): boolean {
  if (typeof container === 'string') {
    if (typeof value === 'string') return budget.search(container, value).includes(value);
    throw new EvaluationFault(`Cannot look for ${typeName(value)} in a text.`, {
      expected: 'string',
      got: typeName(value),
    });
  }
  if (isList(container)) {
    budget.charge(container.length);
    return container.some((item) => equal(item, value, budget));
  }
  if (container instanceof Range) return isNumeric(value) && inRange(container, plainNumber(value));
  if (isRecord(container)) return typeof value === 'string' && Object.hasOwn(container, value);
  throw new EvaluationFault(`Cannot look inside ${typeName(container)}.`, {
    expected: 'a list, a text, a record or a range',
    got: typeName(container),
  });
}

function inRange(range: Range, value: number | bigint): boolean {
  const start = plainNumber(range.start);
  const end = range.end === null ? undefined : plainNumber(range.end);
  const next = range.next === null ? undefined : plainNumber(range.next);
  const falling = next === undefined ? end !== undefined && end < start : next < start;
  const step = next === undefined ? 1 : Math.abs(Number(next) - Number(start));
  const [low, high] = falling ? [end, start] : [start, end];
  if (low !== undefined && value < low) return false;
  if (high !== undefined && value > high) return false;
  if (!range.inclusive && end !== undefined && sameNumber(value, end)) return false;
  return Number.isInteger((Number(value) - Number(start)) / step);
}

/** A text that is the same for equal values, for grouping and for finding duplicates. */
export function identity(value: Value, budget: Budget): string {
  if (typeof value === 'object' && value !== null) budget.weigh(value);
  return identityText(value);
}

function identityText(value: Value): string {
  if (isNumeric(value)) return `number ${plainNumber(value)}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof DateTime) return `date ${instantOf(value).nanoseconds}`;
  if (isList(value)) return `[${value.map(identityText).join()}]`;
  if (!isRecord(value)) return `${typeName(value)} ${displayText(value)}`;
  const fields = Object.keys(value).sort();
  return `{${fields.map((key) => `${JSON.stringify(key)}:${identityText(value[key] ?? null)}`).join()}}`;
}
