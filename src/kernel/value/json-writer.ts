import { rangeText } from './range-text.js';
import { CellPath, DateTime, Duration, Filesize, Float, isRecord, Range, type Value } from './value.js';

/**
 * Writes a value as JSON, exactly as `stringifyJson` documents it; `indent` is the number of spaces per level. Subtrees
 * that hold nothing special, which are nearly all, are written natively.
 */
export function writeJson(value: Value, indent: number): string {
  const special = new Set<Value>();
  if (!findSpecial(value, special)) return JSON.stringify(value, null, indent);
  return write(value, special, indent, '\n');
}

/** Whether a tree holds what `JSON.stringify` would write differently; collects the lists and records that do. */
function findSpecial(value: Value, special: Set<Value>): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  let found = false;
  if (Array.isArray(value)) {
    for (const item of value) if (findSpecial(item, special)) found = true;
  } else if (isRecord(value)) {
    for (const key in value) {
      const item = value[key];
      if (item !== undefined && findSpecial(item, special)) found = true;
    }
  } else {
    return true;
  }
  if (found) special.add(value);
  return found;
}

/** A float as JSON text: with `.0` when it is whole, null when JSON has no word for it. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function write(value: Value, special: ReadonlySet<Value>, indent: number, newline: string): string {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string') return JSON.stringify(value);
    return typeof value === 'number' && !Number.isFinite(value) ? 'null' : String(value);
  }
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof DateTime) return JSON.stringify(value.rfc3339);
  if (value instanceof Duration) return String(value.nanoseconds);
  if (value instanceof Filesize) return String(value.bytes);
  if (value instanceof Range) return JSON.stringify(rangeText(value));
  if (value instanceof CellPath) return JSON.stringify(value.text);
  if (indent === 0 && !special.has(value) && !(value instanceof Uint8Array)) return JSON.stringify(value);

  const inner = newline + ' '.repeat(indent);
  const between = indent > 0 ? inner : '';
  const joined = (open: string, parts: readonly string[], close: string): string => {
    if (parts.length === 0) return open + close;
    return open + between + parts.join(`,${between}`) + (indent > 0 ? newline : '') + close;
  };
  if (value instanceof Uint8Array) return joined('[', Array.from(value, String), ']');
  if (!isRecord(value))
    return joined(
      '[',
      value.map((item) => write(item, special, indent, inner)),
      ']',
    );
  const colon = indent > 0 ? ': ' : ':';
  const fields: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    // Left out, as JSON.stringify does: an optional field of ours may be present and undefined.
    if (item !== undefined) fields.push(JSON.stringify(key) + colon + write(item, special, indent, inner));
  }
  return joined('{', fields, '}');
}
