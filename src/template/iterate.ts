import { isList, isRecord, Range, typeName, type Value } from '../kernel/value/value.js';
import type { Budget } from './budget.js';
import { isInt, plainNumber, toFloat, toInt } from './number.js';
import { EvaluationFault } from './problem.js';

/** The items of a value: a list's items, a record's keys, a text's characters, a range's numbers, the bytes of binary. */
export function itemsOf(value: Value, budget: Budget): readonly Value[] {
  if (isList(value)) {
    budget.charge(value.length);
    return value;
  }
  if (typeof value === 'string') {
    budget.charge(value.length);
    return Array.from(value);
  }
  if (value instanceof Range) return rangeItems(value, budget);
  if (value instanceof Uint8Array) {
    budget.charge(value.length);
    return Array.from(value);
  }
  if (isRecord(value)) {
    const keys = Object.keys(value);
    budget.charge(keys.length);
    return keys;
  }
  const expected = 'a list, a record, a range or a text';
  throw new EvaluationFault(`Cannot go through ${typeName(value)}.`, { expected, got: typeName(value) });
}

/** The fields of a record as [key, value] pairs. */
export function pairsOf(value: Value, budget: Budget): readonly (readonly Value[])[] {
  if (!isRecord(value)) {
    throw new EvaluationFault(`Expected a record, got ${typeName(value)}.`, {
      expected: 'record',
      got: typeName(value),
    });
  }
  const pairs = Object.entries(value);
  budget.charge(pairs.length * 2);
  return pairs;
}

/** `range(stop)`, `range(start, stop)`, `range(start, stop, step)`: the end is not part of it, as in Python. */
export function rangeCall(start: Value, stop: Value, step: Value, budget: Budget): readonly Value[] {
  for (const value of [start, stop, step]) {
    if (!isInt(value))
      throw new EvaluationFault(`range() takes ints, got ${typeName(value)}.`, {
        expected: 'int',
        got: typeName(value),
      });
  }
  return count(Number(start), Number(stop), Number(step), false, budget);
}

function rangeItems(range: Range, budget: Budget): readonly Value[] {
  if (range.end === null) {
    throw new EvaluationFault('The range has no end.', {
      expected: 'a range such as 1..10',
      got: 'a range without an end',
    });
  }
  const start = Number(plainNumber(range.start));
  const end = Number(plainNumber(range.end));
  const step = range.next === null ? (end < start ? -1 : 1) : Number(plainNumber(range.next)) - start;
  const items = count(start, end, step, range.inclusive, budget);
  const ints = isInt(range.start) && isInt(range.end) && (range.next === null || isInt(range.next));
  return ints ? items : items.map((item) => (typeof item === 'number' ? toFloat(item) : item));
}

function count(
  start: number,
  end: number,
  step: number,
  inclusive: boolean,
  budget: Budget,
): readonly Value[] {
  if (step === 0)
    throw new EvaluationFault('The step of a range is 0.', { expected: 'another step', got: '0' });
  const span = (end - start) / step;
  const length = Math.max(0, inclusive ? Math.floor(span) + 1 : Math.ceil(span));
  budget.charge(length);
  return Array.from({ length }, (_, index) => {
    const value = start + index * step;
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? toInt(BigInt(value)) : value;
  });
}
