import { Duration, Filesize, Float, isRecord, type Value, type ValueRecord } from '../kernel/value/value.js';

/** Array.isArray does not narrow a readonly array out of a union. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is a record, as a type guard that keeps the value model. */
export function isFields(value: Value | undefined): value is ValueRecord {
  return isRecord(value);
}

/** Whether a value counts as true: everything but null, false, 0, and what is empty. */
export function isTruthy(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  if (isList(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Duration) return value.nanoseconds !== 0n;
  if (value instanceof Filesize) return value.bytes !== 0n;
  if (!isFields(value)) return true;
  for (const _ in value) return true;
  return false;
}
