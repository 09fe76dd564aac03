import { DateTime } from '../kernel/value/value.js';
import { EvaluationFault } from './problem.js';

const pattern =
  /^([+-]?\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?)?$/i;
const second = 1_000_000_000n;

/** A moment: nanoseconds since 1970 in UTC, and the offset in minutes that it is written with. */
export interface Instant {
  readonly nanoseconds: bigint;
  readonly offset: number;
}

/** Reads RFC 3339 text (a date alone is its midnight in UTC); undefined when it is none. */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', seconds = '0', fraction = '', zone = 'Z'] = match;
  const offset = parseOffset(zone) ?? 0;
  const moment = new Date(0);
  moment.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // The date is checked before the hours: 30 February would otherwise be 2 March.
  if (moment.getUTCMonth() !== Number(month) - 1 || moment.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(seconds) > 60) return undefined;
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  const milliseconds = BigInt(moment.getTime()) + BigInt(minutes) * 60_000n + BigInt(seconds) * 1000n;
  return { nanoseconds: milliseconds * 1_000_000n + BigInt(fraction.padEnd(9, '0')), offset };
}

/** Minutes of `Z`, `UTC` or `+01:00`; undefined when the text is no offset. */
export function parseOffset(text: string): number | undefined {
  if (/^(?:z|utc)$/i.test(text)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** The moment of a date value; throws an EvaluationFault when its text is not RFC 3339. */
export function instantOf(date: DateTime): Instant {
  const instant = parseInstant(date.rfc3339);
  if (instant !== undefined) return instant;
  throw new EvaluationFault('The date is not RFC 3339.', {
    expected: '2026-01-02T03:04:05+01:00',
    got: date.rfc3339,
  });
}

/** A date moved by nanoseconds, in its own offset. */
export function shiftDate(date: DateTime, nanoseconds: bigint): DateTime {
  const { nanoseconds: from, offset } = instantOf(date);
  return new DateTime(formatInstant({ nanoseconds: from + nanoseconds, offset }));
}

/** Nanoseconds from one date to another. */
export function timeBetween(from: DateTime, to: DateTime): bigint {
  return instantOf(to).nanoseconds - instantOf(from).nanoseconds;
}

/** The calendar of a moment in its offset: the UTC fields of `local` are the local ones. */
export function calendar(instant: Instant): { readonly local: Date; readonly fraction: string } {
  const shifted = instant.nanoseconds + BigInt(instant.offset) * 60n * second;
  const nanos = ((shifted % second) + second) % second;
  const local = new Date(Number((shifted - nanos) / 1_000_000n));
  if (Number.isNaN(local.getTime())) {
    throw new EvaluationFault('The date is out of range.', { expected: 'a year between -271821 and 275760' });
  }
  return { local, fraction: String(nanos).padStart(9, '0') };
}

/** `+01:00`, or with another separator. */
export function offsetText(offset: number, separator = ':'): string {
  const minutes = Math.abs(offset);
  const pair = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${pair(Math.floor(minutes / 60))}${separator}${pair(minutes % 60)}`;
}

/** RFC 3339 text with as many digits of the second as needed, in groups of three. */
function formatInstant(instant: Instant): string {
  const { local, fraction } = calendar(instant);
  const digits = fraction.replace(/(?:000)+$/, '');
  const seconds = local.toISOString().replace(/\.\d+Z$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}${offsetText(instant.offset)}`;
}
