import { isRecord, ownKey, type Value } from '../kernel/value/value.js';
import type { DocumentPath } from './document.js';

/** The value at a path inside another; undefined when there is none. */
export function valueAt(root: Value, path: DocumentPath): Value | undefined {
  let value: Value | undefined = root;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isRecord(value)) value = ownKey(value, String(step));
    else return undefined;
  }
  return value;
}
