import { Failure } from '../kernel/failure.js';
import { Float, type Range, type Value } from '../kernel/value/value.js';

/** Most items of a for_each. */
export const MAX_ITEMS = 100_000;

/** The numbers of a bounded range of integers, at most `limit` of them. */
export function rangeItems(range: Range, limit: number): readonly Value[] {
  const start = integer(range.start);
  if (range.end === null) throw bad('an end', 'a range without one');
  const end = integer(range.end);
  const step = range.next === null ? (start <= end ? 1n : -1n) : integer(range.next) - start;
  if (step === 0n) throw bad('a second number that differs from the first', 'the same number twice');
  const items: Value[] = [];
  const inside = (n: bigint): boolean => (n === end ? range.inclusive : step > 0n ? n < end : n > end);
  for (let n = start; inside(n); n += step) {
    if (items.length === limit) throw bad(`at most ${limit} numbers`, 'more');
    items.push(Number.isSafeInteger(Number(n)) ? Number(n) : n);
  }
  return items;
}

function integer(value: number | bigint | Float): bigint {
  if (value instanceof Float) return BigInt(value.value);
  if (typeof value === 'number' && !Number.isInteger(value)) throw bad('whole numbers', String(value));
  return BigInt(value);
}

function bad(expected: string, got: string): Failure {
  return new Failure('template_failed', `A range in "for_each" needs ${expected}, and has ${got}.`, {
    expected,
    got,
  });
}
