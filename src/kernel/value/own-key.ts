import type { Value } from './value.js';

/** Sets an own key of a record under construction; `__proto__` becomes data instead of the record's prototype. */
export function setOwnKey(record: Record<string, Value>, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    record[key] = value;
  }
}
