import { DateTime } from './value.js';

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?[ ]?([Zz]|[+-]\d{2}:\d{2})?)?$/;

/**
 * Reads a written date or date-time; undefined when it is none. A date alone is midnight, and what names no offset is
 * UTC, as in Nushell. The text of the result has the form Nushell prints: "T", seconds, a fraction of 0, 3, 6 or 9
 * digits (more are cut off), and a numeric offset, so that equal texts mean equal values.
 */
export function parseDate(text: string): DateTime | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    offset = 'Z',
  ] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  const utc = offset === 'Z' || offset === 'z' || offset === '-00:00';
  if (!utc && (Number(offset.slice(1, 3)) > 23 || Number(offset.slice(4)) > 59)) return undefined;
  const time = `${hour}:${minute}:${second}${fractionText(fraction)}`;
  return new DateTime(`${year}-${month}-${day}T${time}${utc ? '+00:00' : offset}`);
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}

function fractionText(digits: string): string {
  const nanoseconds = digits.slice(0, 9).padEnd(9, '0');
  if (/^0*$/.test(nanoseconds)) return '';
  return `.${nanoseconds.replace(/(?:000){1,2}$/, '')}`;
}
