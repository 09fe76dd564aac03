import { rangeText } from './range-text.js';
import { CellPath, DateTime, Duration, Filesize, Float, isRecord, Range, type Value } from './value.js';

/** Whether a value tree holds anything that `JSON.stringify` cannot write as documented in json.ts. */
export function needsExactWriter(value: Value): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (needsExactWriter(item)) return true;
    return false;
  }
  if (!isRecord(value)) return true;
  // `toJSON` is a key like any other here, but JSON.stringify would call it if it were a function: it never is one.
  for (const key in value) {
    const item = value[key];
    if (item !== undefined && needsExactWriter(item)) return true;
  }
  return false;
}

/** A float as JSON text: with `.0` when it is whole, null when JSON has no word for it. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Writes a value as JSON, exactly as `stringifyJson` documents it; `indent` is the number of spaces per level. */
export function writeJson(value: Value, indent: number): string {
  return text(value, indent, '\n');
}

function text(value: Value, indent: number, newline: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : floatText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof DateTime) return JSON.stringify(value.rfc3339);
  if (value instanceof Duration) return String(value.nanoseconds);
  if (value instanceof Filesize) return String(value.bytes);
  if (value instanceof Range) return JSON.stringify(rangeText(value));
  if (value instanceof CellPath) return JSON.stringify(value.text);
  const inner = newline + ' '.repeat(indent);
  if (value instanceof Uint8Array) return joined('[', Array.from(value, String), ']', indent, newline, inner);
  if (!isRecord(value)) {
    return joined(
      '[',
      value.map((item) => text(item, indent, inner)),
      ']',
      indent,
      newline,
      inner,
    );
  }
  const colon = indent > 0 ? ': ' : ':';
  const fields: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    // Left out, as JSON.stringify does: an optional field of ours may be present and undefined.
    if (item !== undefined) fields.push(JSON.stringify(key) + colon + text(item, indent, inner));
  }
  return joined('{', fields, '}', indent, newline, inner);
}

function joined(
  open: string,
  parts: readonly string[],
  close: string,
  indent: number,
  newline: string,
  inner: string,
): string {
  if (parts.length === 0 || indent === 0) return open + parts.join(',') + close;
  return open + inner + parts.join(`,${inner}`) + newline + close;
}
