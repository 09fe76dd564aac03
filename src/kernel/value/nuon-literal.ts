import { parseDate } from './date-text.js';
import { exactInteger } from './exact-integer.js';
import { Duration, Filesize, Float, Range, type Value } from './value.js';

const nanoseconds = new Map<string, bigint>([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['sec', 1_000_000_000n],
  ['min', 60_000_000_000n],
  ['hr', 3_600_000_000_000n],
  ['day', 86_400_000_000_000n],
  ['wk', 604_800_000_000_000n],
]);
const bytes = new Map<string, bigint>([
  ['b', 1n],
  ...['k', 'm', 'g', 't', 'p', 'e'].flatMap((prefix, index): [string, bigint][] => [
    [`${prefix}b`, 1000n ** BigInt(index + 1)],
    [`${prefix}ib`, 1024n ** BigInt(index + 1)],
  ]),
]);

// No pattern here can split a run of digits in two ways: that would take quadratic time.
const decimal = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?`;
const rangeStart = String.raw`[-+]?(?:\d+(?:\.\d+)?|\.\d+)`;
const radix = '0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+';
const integerPattern = /^[-+]?\d+$/;
const radixPattern = new RegExp(`^(?:${radix})$`);
const decimalPattern = new RegExp(`^${decimal}$`);
const wordPattern = /^[-+]?(?:nan|inf|infinity)$/i;
const quantityPattern = /^(-?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([-+]?\d{1,2}))?([a-zA-Z\u00b5\u03bc]+)$/;
const rangePattern = new RegExp(
  `^(${radix}|${rangeStart})?\\.\\.(?:(${radix}|${rangeStart})\\.\\.)?([=<])?(${radix}|${decimal})?$`,
);

/**
 * The value of an unquoted NUON token that is not a plain word: null, a boolean, a number, a duration, a file size, a date
 * or a range; undefined for a word. Integers of any size are exact.
 */
export function literal(token: string): Value | undefined {
  if (token === 'null') return null;
  if (token === 'true') return true;
  if (token === 'false') return false;
  return number(token) ?? quantity(token) ?? parseNuonDate(token) ?? range(token);
}

function number(token: string): number | bigint | Float | undefined {
  const text = token.replaceAll('_', '');
  if (integerPattern.test(text)) return exactInteger(text.replace(/^\+/, ''));
  if (radixPattern.test(text)) return exactInteger(text);
  if (decimalPattern.test(text)) return float(Number(text));
  if (!wordPattern.test(token)) return undefined;
  if (/nan$/i.test(token)) return Number.NaN;
  return token.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

function quantity(token: string): Duration | Filesize | undefined {
  const match = quantityPattern.exec(token.replaceAll('_', ''));
  if (match === null) return undefined;
  const [, sign = '', digits = '', exponent = '0', unit = ''] = match;
  const time = nanoseconds.get(unit);
  if (time !== undefined) return new Duration(scaled(sign, digits, Number(exponent), time));
  const size = bytes.get(unit.toLowerCase());
  return size === undefined ? undefined : new Filesize(scaled(sign, digits, Number(exponent), size));
}

/** A decimal times a unit, exact, what is below one cut off. */
function scaled(sign: string, digits: string, exponent: number, unit: bigint): bigint {
  const [whole = '', fraction = ''] = digits.split('.');
  const shift = exponent - fraction.length;
  const product = BigInt(whole + fraction) * unit;
  const value = shift >= 0 ? product * 10n ** BigInt(shift) : product / 10n ** BigInt(-shift);
  return sign === '-' ? -value : value;
}

function parseNuonDate(token: string): Value | undefined {
  // NUON writes a date alone, or date and time with seconds; a space or minutes alone would be two tokens or none.
  return /^\d{4}-\d{2}-\d{2}(?:[Tt]\d{2}:\d{2}:\d{2}[^ ]*)?$/.test(token) ? parseDate(token) : undefined;
}

function range(token: string): Range | undefined {
  const match = rangePattern.exec(token.replaceAll('_', ''));
  if (match === null) return undefined;
  const [, startText, nextText, comparison, endText] = match;
  if (startText === undefined && endText === undefined) return undefined;
  const parts = [startText ?? '0', nextText, endText].map((part) =>
    part === undefined ? null : (number(part) ?? null),
  );
  // One float makes the whole range one of floats.
  const isFloat = parts.some(
    (part) => part instanceof Float || (typeof part === 'number' && !Number.isInteger(part)),
  );
  const [start = 0, next = null, end = null] = isFloat
    ? parts.map((part) => (part === null ? null : float(part instanceof Float ? part.value : Number(part))))
    : parts;
  return start === null
    ? undefined
    : new Range(start, withoutUsualStep(start, next, end), end, end === null || comparison !== '<');
}

/** Null for a second element that is the usual one, so that `1..2..9` and `1..9` are the same value. */
function withoutUsualStep(
  start: number | bigint | Float,
  next: number | bigint | Float | null,
  end: number | bigint | Float | null,
): number | bigint | Float | null {
  if (next === null) return null;
  const plain = (part: number | bigint | Float): number =>
    part instanceof Float ? part.value : Number(part);
  const usual = end === null || plain(end) >= plain(start) ? 1 : -1;
  return plain(next) - plain(start) === usual ? null : next;
}
