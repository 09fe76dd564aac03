import { parseJson, stringifyJson } from '../kernel/value/json.js';
import { Float, isRecord, type Value, type ValueRecord } from '../kernel/value/value.js';

/**
 * A value as the journal will give it back: typed values (dates, durations) in their JSON form. What memory holds is then what a
 * restart reads, and a task sees the same before and after one. Plain values are given back as they are.
 */
export function frozen(value: Value): Value {
  return isPlain(value) ? value : parseJson(stringifyJson(value));
}

/** Whether JSON carries the value as it is: nothing in it but null, booleans, finite numbers, text, lists and records. */
export function isPlain(value: Value): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null || value instanceof Float) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  // An optional field of ours may be present and undefined; the writer leaves it out.
  return (
    isRecord(value) &&
    Object.values(value).every((field: Value | undefined) => field === undefined || isPlain(field))
  );
}

/** A record of values out of an object of ours whose optional fields may be undefined; the writer leaves those out. */
export function asRecord(value: unknown): ValueRecord {
  if (!isRecord(value)) throw new TypeError('Expected a plain object.');
  return value;
}
