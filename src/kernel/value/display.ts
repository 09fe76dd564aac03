import { nushellDurationText } from './nushell-duration.js';
import { CellPath, DateTime, Duration, Filesize, Float, isList, Range, type Value } from './value.js';

/**
 * A value as Nushell's string interpolation writes it (`$"(…)"`, 0.115): null is empty, text inside lists and records is
 * bare, floats are written out without an exponent and keep their `.0`. One exception: a date is its RFC 3339 text, because
 * Nushell's own form says "10 months ago" and would change a rendered file daily.
 */
export function displayText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : numberText(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof DateTime) return value.rfc3339;
  if (value instanceof Duration) return nushellDurationText(value.nanoseconds);
  if (value instanceof Filesize) return filesizeDisplay(value);
  if (value instanceof Range) return rangeDisplay(value);
  if (value instanceof CellPath) return value.text;
  if (value instanceof Uint8Array) return `[${value.join(', ')}]`;
  if (isList(value)) return `[${value.map(displayText).join(', ')}]`;
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${displayText(field)}`);
  return `{${fields.join(', ')}}`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(BigInt(value)) : floatText(value);
}

/** A float without an exponent: whole numbers exactly and with `.0`, others with the fewest digits that read back the same. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value)) return `${Object.is(value, -0) ? '-0' : BigInt(value)}.0`;
  const text = String(value);
  const exponent = text.indexOf('e-');
  if (exponent === -1) return text;
  const sign = value < 0 ? '-' : '';
  const digits = text.slice(sign.length, exponent).replace('.', '');
  return `${sign}0.${'0'.repeat(Number(text.slice(exponent + 2)) - 1)}${digits}`;
}

const filesizeUnits = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** The largest decimal unit with one digit after the point, cut and not rounded: 1999 bytes are 1.9 kB. */
function filesizeDisplay(size: Filesize): string {
  const negative = size.bytes < 0n;
  const bytes = negative ? -size.bytes : size.bytes;
  const sign = negative ? '-' : '';
  if (bytes < 1000n) return `${sign}${bytes} B`;
  const power = Math.min(Math.floor((String(bytes).length - 1) / 3), filesizeUnits.length);
  const tenths = bytes / (100n * 1000n ** BigInt(power - 1));
  return `${sign}${tenths / 10n}.${tenths % 10n} ${filesizeUnits[power - 1]}`;
}

/** Nushell writes the step of a falling range out (`5..4..1`), and every part of a float range as a float. */
function rangeDisplay(range: Range): string {
  const falling = range.next === null && range.end !== null && plain(range.end) < plain(range.start);
  const next = falling ? Number(plain(range.start)) - 1 : range.next;
  const parts = [range.start, next, range.end];
  const float = parts.some(
    (part) => part instanceof Float || (typeof part === 'number' && !Number.isInteger(part)),
  );
  const write = (part: number | bigint | Float): string =>
    float ? floatText(Number(plain(part))) : displayText(part);
  const step = next === null ? '' : `..${write(next)}`;
  const bound = range.inclusive || range.end === null ? '' : '<';
  return `${write(range.start)}${step}..${bound}${range.end === null ? '' : write(range.end)}`;
}

function plain(part: number | bigint | Float): number | bigint {
  return part instanceof Float ? part.value : part;
}
