import { Duration, Filesize, Float, isList, isRecord, type Value } from '../kernel/value/value.js';

/** Whether a value counts as true: everything but null, false, 0, and what is empty. */
export function isTruthy(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  if (isList(value) || value instanceof Uint8Array) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Duration) return value.nanoseconds !== 0n;
  if (value instanceof Filesize) return value.bytes !== 0n;
  if (!isRecord(value)) return true;
  for (const _ in value) return true;
  return false;
}
