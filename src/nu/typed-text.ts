import { parseDate } from '../kernel/value/date-text.js';
import { parseNushellDuration } from '../kernel/value/nushell-duration.js';
import { CellPath, type DateTime, Duration, Filesize, Float, Range } from '../kernel/value/value.js';

const BYTES: Readonly<Record<string, bigint>> = {
  b: 1n,
  kb: 1000n,
  mb: 1000n ** 2n,
  gb: 1000n ** 3n,
  tb: 1000n ** 4n,
  pb: 1000n ** 5n,
  kib: 1024n,
  mib: 1024n ** 2n,
  gib: 1024n ** 3n,
  tib: 1024n ** 4n,
  pib: 1024n ** 5n,
};

/** Reads a duration: see {@link parseNushellDuration}. */
export function parseDuration(text: string): Duration | undefined {
  const nanoseconds = parseNushellDuration(text.trim());
  return nanoseconds === undefined ? undefined : new Duration(nanoseconds);
}

/** Reads a size with a unit: "10kb", "1.5 GiB", "0b". */
export function parseFilesize(text: string): Filesize | undefined {
  const [, sign, whole = '0', fraction = '', unit = ''] =
    /^(-?)(\d+)(?:\.(\d+))? ?(\p{L}+)$/u.exec(text.trim().toLowerCase()) ?? [];
  const size = Object.hasOwn(BYTES, unit) ? BYTES[unit] : undefined;
  if (size === undefined) return undefined;
  const bytes = BigInt(whole) * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
  return new Filesize(sign === '-' ? -bytes : bytes);
}

/** Reads a date: RFC 3339, or as Nushell's literals without an offset or time, which then are UTC and midnight. */
export function parseDateTime(text: string): DateTime | undefined {
  return parseDate(text.trim());
}

const bound = String.raw`-?\d+(?:\.\d+)?`;
const range = new RegExp(`^(${bound})(?:\\.\\.(${bound}))?\\.\\.(=|<)?(${bound})?$`);

/** Reads a range: "1..3", "1..<5", "0..2..10", "5..". */
export function parseRange(text: string): Range | undefined {
  const [, start, next, mark, end] = range.exec(text.trim()) ?? [];
  if (start === undefined || (mark !== undefined && end === undefined)) return undefined;
  return new Range(
    number(start),
    next === undefined ? null : number(next),
    end === undefined ? null : number(end),
    mark !== '<',
  );
}

function number(text: string): number | bigint | Float {
  const value = Number(text);
  if (text.includes('.')) return Number.isInteger(value) ? new Float(value) : value;
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Reads a cell path with or without its leading `$.`: "servers.0.name". */
export function parseCellPath(text: string): CellPath | undefined {
  const path = text.trim().replace(/^\$\.?/, '');
  const member = String.raw`(?:[\p{L}\p{N}_-]+|"[^"\\]*")[?!]*`;
  return new RegExp(`^${member}(?:\\.${member})*$`, 'u').test(path) ? new CellPath(`$.${path}`) : undefined;
}
