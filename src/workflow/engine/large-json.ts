import { stringifyJson } from '../../kernel/value/json.js';
import type { Value } from '../../kernel/value/value.js';

/** The JSON of a value when it is longer than so many characters, else null. What is plainly small is not written out. */
export function largeJson(value: Value, limit: number): string | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return null;
  // Each character becomes at most six ("\u0000").
  if (typeof value === 'string' && value.length * 6 < limit) return null;
  const json = stringifyJson(value);
  return json.length > limit ? json : null;
}
