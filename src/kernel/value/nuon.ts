import { Failure } from '../failure.js';
import { NuonReader } from './nuon-reader.js';
import { quoted } from './nuon-string.js';
import { rangeText } from './range-text.js';
import { CellPath, DateTime, Duration, Filesize, Float, isRecord, Range, type Value } from './value.js';

/** Lists and records may nest this deep unless a caller says otherwise. */
const defaultDepth = 256;

/**
 * Parses a NUON text, Nushell's own notation, to the value `from nuon` reads from it; integers beyond 64 bits, which
 * Nushell turns into floats, stay exact. Throws `parse_error` with `position` (offset in UTF-16 units), `line` and `column`
 * (from 1), and `limit_exceeded` when the nesting is deeper than `depth`.
 */
export function parseNuon(text: string, depth: number = defaultDepth): Value {
  return new NuonReader(text, depth).document().value;
}

/**
 * Writes a value as NUON on one line, in a form that Nushell 0.108 and later read back as the same value. Two things lie
 * beyond their readers and are written exactly all the same: integers beyond 64 bits, which they read as floats, and
 * durations and file sizes beyond 2^53, which they round to the nearest double.
 */
export function stringifyNuon(value: Value): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : floatText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof DateTime) return value.rfc3339;
  if (value instanceof Duration) return `${value.nanoseconds}ns`;
  if (value instanceof Filesize) return `${value.bytes}b`;
  if (value instanceof Range) return rangeText(value);
  if (value instanceof CellPath) return value.text.startsWith('$') ? value.text : `$.${value.text}`;
  if (value instanceof Uint8Array) return `0x[${Buffer.from(value).toString('hex')}]`;
  if (isRecord(value)) {
    const fields = Object.entries(value).map(([key, item]) => `${keyText(key)}: ${stringifyNuon(item)}`);
    return `{${fields.join(', ')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(stringifyNuon).join(', ')}]`;
  throw new Failure('internal_error', `Expected a Nushell value, got ${typeof value}.`);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Quotes every key that some Nushell version could take for a number, a keyword or an operator. */
function keyText(key: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(key) && !/^(?:true|false|null|nan|inf|infinity)$/i.test(key)
    ? key
    : quoted(key);
}
