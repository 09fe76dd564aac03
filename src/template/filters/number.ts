import { displayText } from '../../kernel/value/display.js';
import { DateTime, Duration, Filesize, typeName, type Value } from '../../kernel/value/value.js';
import { int, text, wrong } from '../argument.js';
import { negate } from '../arithmetic.js';
import { order } from '../compare.js';
import type { Filter } from '../filter.js';
import { instantOf } from '../instant.js';
import { isTruthy } from '../is-truthy.js';
import { isInt, isNumeric, plainNumber, toFloat, toInt } from '../number.js';
import { EvaluationFault } from '../problem.js';

/** Filters of numbers, and conversions to a scalar. A conversion that is not possible is an error unless a default is given. */
export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: {
    parameters: [],
    apply: (input, _, { budget }) => {
      if (isNumeric(input)) return plainNumber(input) < 0 ? negate(input) : input;
      if (input instanceof Duration)
        return order(input, new Duration(0n), budget) < 0 ? negate(input) : input;
      return wrong('a number or a duration', input);
    },
  },
  /** A float stays a float (2.5 → 3.0), an int stays as it is; halves go away from zero. */
  round: {
    parameters: ['precision?', 'method?'],
    apply: (input, [precision, method]) => {
      if (!isNumeric(input)) return wrong('a number', input);
      const digits = int(precision, 0);
      if (digits < 0 || digits > 15) wrong('a precision from 0 to 15', digits);
      const round = rounderNamed(text(method, 'common'));
      return isInt(input) ? input : toFloat(rounded(Number(plainNumber(input)), digits, round));
    },
  },
  int: {
    parameters: ['default?', 'base?'],
    apply: (input, [fallback, base]) => converted(toIntOf(input, int(base, 10)), fallback, 'int', input),
  },
  float: {
    parameters: ['default?'],
    apply: (input, [fallback]) => converted(toFloatOf(input), fallback, 'float', input),
  },
  /** As Nushell's `into bool`: "true", "false", "1", "0" and numbers; other values by whether they are empty. */
  bool: {
    parameters: ['default?'],
    apply: (input, [fallback]) => converted(toBoolOf(input), fallback, 'bool', input),
  },
  filesizeformat: {
    parameters: ['binary?'],
    apply: (input, [binary]) => {
      const bytes =
        input instanceof Filesize
          ? Number(input.bytes)
          : isNumeric(input)
            ? Number(plainNumber(input))
            : undefined;
      return bytes === undefined
        ? wrong('a filesize or a number of bytes', input)
        : filesizeText(bytes, binary === true);
    },
  },
};

function converted(
  result: Value | undefined,
  fallback: Value | undefined,
  type: string,
  input: Value,
): Value {
  if (result !== undefined) return result;
  if (fallback !== undefined) return fallback;
  const shown = displayText(typeof input === 'string' ? input.slice(0, 40) : typeName(input));
  throw new EvaluationFault(`Cannot make ${type} of ${JSON.stringify(shown)}.`, {
    expected: `a value that reads as ${type}`,
    got: shown,
    advice: `Give a default: ${type}(default=…).`,
  });
}

const rounders: ReadonlyMap<string, (value: number) => number> = new Map([
  ['common', (value) => Math.sign(value) * Math.round(Math.abs(value))],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
]);

function rounderNamed(method: string): (value: number) => number {
  return rounders.get(method) ?? wrong('method common, ceil or floor', method);
}

function rounded(value: number, digits: number, round: (value: number) => number): number {
  // The decimal exponent moves without the error that multiplying by 10^n brings (1.005 stays 1.005).
  const scaled = round(Number(shifted(value, digits)));
  return Number.isFinite(scaled) ? Number(shifted(scaled, -digits)) : value;
}

function shifted(value: number, digits: number): string {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  return `${mantissa}e${Number(exponent) + digits}`;
}

function toIntOf(input: Value, base: number): Value | undefined {
  if (isInt(input)) return input;
  if (isNumeric(input)) return wholeOf(Number(plainNumber(input)));
  if (typeof input === 'boolean') return Number(input);
  if (input instanceof Duration) return toInt(input.nanoseconds);
  if (input instanceof Filesize) return toInt(input.bytes);
  if (input instanceof DateTime) return toInt(instantOf(input).nanoseconds);
  return typeof input === 'string' ? parseInteger(input.trim().replaceAll('_', ''), base) : undefined;
}

function wholeOf(value: number): Value | undefined {
  return Number.isFinite(value) ? toInt(BigInt(Math.trunc(value))) : undefined;
}

const prefixes: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };

function parseInteger(input: string, base: number): Value | undefined {
  if (base < 2 || base > 36) return wrong('a base from 2 to 36', base);
  // A longer text is no sensible integer, and reading it takes quadratic time.
  if (input.length > 1300) return undefined;
  if (base === 10) {
    if (/^[+-]?\d+$/.test(input)) return toInt(BigInt(input.replace('+', '')));
    return /^[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?$/.test(input) ? wholeOf(Number(input)) : undefined;
  }
  const prefix = prefixes[base] ?? '';
  const negative = input.startsWith('-');
  const bare = input.replace(/^[+-]/, '').toLowerCase();
  const digits = prefix !== '' && bare.startsWith(prefix) ? bare.slice(2) : bare;
  let total = 0n;
  for (const char of digits) {
    const digit = Number.parseInt(char, 36);
    if (Number.isNaN(digit) || digit >= base) return undefined;
    total = total * BigInt(base) + BigInt(digit);
  }
  return digits === '' ? undefined : toInt(negative ? -total : total);
}

function toFloatOf(input: Value): Value | undefined {
  if (isNumeric(input)) return toFloat(Number(plainNumber(input)));
  if (typeof input === 'boolean') return toFloat(Number(input));
  if (typeof input !== 'string') return undefined;
  const trimmed = input.trim().replaceAll('_', '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? toFloat(Number(trimmed)) : undefined;
}

function toBoolOf(input: Value): Value | undefined {
  if (typeof input !== 'string') return isTruthy(input);
  const word = input.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
}

function filesizeText(bytes: number, binary: boolean): string {
  const base = binary ? 1024 : 1000;
  const units = binary
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  if (bytes === 1) return '1 Byte';
  if (Math.abs(bytes) < base) return `${Math.trunc(bytes)} Bytes`;
  let power = 1;
  while (power < units.length && Math.abs(bytes) >= base ** (power + 1)) power++;
  return `${(bytes / base ** power).toFixed(1)} ${units[power - 1]}`;
}
