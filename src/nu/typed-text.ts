import { CellPath, DateTime, Duration, Filesize, Float, Range } from '../kernel/value/value.js';

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  sec: 1_000_000_000n,
  m: 60_000_000_000n,
  min: 60_000_000_000n,
  h: 3_600_000_000_000n,
  hr: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  day: 86_400_000_000_000n,
  wk: 604_800_000_000_000n,
};

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

/**
 * Reads a duration: one or more amounts with Nushell's units ("5sec", "1hr 30min", "1.5day") or those of
 * workflow files ("1h30m").
 */
export function parseDuration(text: string): Duration | undefined {
  const sign = /^\s*-/.test(text) ? -1n : 1n;
  const nanoseconds = amounts(text.trim().replace(/^-/, ''), NANOSECONDS);
  return nanoseconds === undefined ? undefined : new Duration(sign * nanoseconds);
}

/** Reads a size with a unit: "10kb", "1.5 GiB", "0b". */
export function parseFilesize(text: string): Filesize | undefined {
  const trimmed = text.trim().toLowerCase();
  if (!/^-?[\d.]+ ?\p{L}+$/u.test(trimmed)) return undefined;
  const bytes = amounts(trimmed.replace(/^-/, ''), BYTES);
  return bytes === undefined ? undefined : new Filesize(trimmed.startsWith('-') ? -bytes : bytes);
}

function amounts(text: string, units: Readonly<Record<string, bigint>>): bigint | undefined {
  if (!/^(?:\d+(?:\.\d+)?\s*\p{L}+\s*)+$/u.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '0', fraction = '', unit = ''] of text.matchAll(/(\d+)(?:\.(\d+))?\s*(\p{L}+)/gu)) {
    const size = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (size === undefined) return undefined;
    total += BigInt(whole) * size;
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return total;
}

const date = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)?)?$/;

/** Reads a date: RFC 3339, or as Nushell's literals without an offset or time, which then are UTC and midnight. */
export function parseDateTime(text: string): DateTime | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset = 'Z'] =
    date.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${plain}Z`);
  // 2026-02-30 rolls over to March: a date that does not come back as it went in does not exist.
  if (Number.isNaN(time.getTime()) || !time.toISOString().startsWith(plain)) return undefined;
  return new DateTime(`${plain}${fraction}${/[Zz]/.test(offset) ? '+00:00' : offset}`);
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
