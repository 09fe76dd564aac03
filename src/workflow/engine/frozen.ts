import { parseJson, stringifyJson } from '../../kernel/value/json.js';
import { needsExactWriter } from '../../kernel/value/json-writer.js';
import { isRecord, type Value, type ValueRecord } from '../../kernel/value/value.js';

/**
 * A value as the journal will give it back: typed values (dates, durations) in their JSON form. What memory holds is then what a
 * restart reads, and a task sees the same before and after one. Plain values are given back as they are.
 */
export function frozen(value: Value): Value {
  return needsExactWriter(value) ? parseJson(stringifyJson(value)) : value;
}

/** A record of values out of an object of ours whose optional fields may be undefined; the writer leaves those out. */
export function asRecord(value: unknown): ValueRecord {
  if (!isRecord(value)) throw new TypeError('Expected a plain object.');
  return value;
}
