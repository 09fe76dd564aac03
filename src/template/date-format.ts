import { calendar, type Instant, offsetText } from './instant.js';
import { EvaluationFault } from './problem.js';

export const monthNames: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const weekdayNames: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

const dayMs = 86_400_000;
const pad = (value: number, width = 2, fill = '0'): string => String(value).padStart(width, fill);

interface Moment {
  readonly local: Date;
  /** Nine digits of the second. */
  readonly fraction: string;
  readonly instant: Instant;
}

/** The directives of strftime (chrono's words for them) that this version knows. */
const directives: Readonly<Record<string, (moment: Moment) => string>> = {
  Y: ({ local }) => pad(local.getUTCFullYear(), 4),
  C: ({ local }) => pad(Math.floor(local.getUTCFullYear() / 100)),
  y: ({ local }) => pad(((local.getUTCFullYear() % 100) + 100) % 100),
  m: ({ local }) => pad(local.getUTCMonth() + 1),
  B: ({ local }) => monthNames[local.getUTCMonth()] ?? '',
  b: ({ local }) => (monthNames[local.getUTCMonth()] ?? '').slice(0, 3),
  h: ({ local }) => (monthNames[local.getUTCMonth()] ?? '').slice(0, 3),
  d: ({ local }) => pad(local.getUTCDate()),
  e: ({ local }) => pad(local.getUTCDate(), 2, ' '),
  A: ({ local }) => weekdayNames[local.getUTCDay()] ?? '',
  a: ({ local }) => (weekdayNames[local.getUTCDay()] ?? '').slice(0, 3),
  w: ({ local }) => String(local.getUTCDay()),
  u: ({ local }) => String(local.getUTCDay() || 7),
  j: ({ local }) => pad(dayOfYear(local), 3),
  V: ({ local }) => pad(isoWeek(local).week),
  G: ({ local }) => pad(isoWeek(local).year, 4),
  H: ({ local }) => pad(local.getUTCHours()),
  k: ({ local }) => pad(local.getUTCHours(), 2, ' '),
  I: ({ local }) => pad(local.getUTCHours() % 12 || 12),
  l: ({ local }) => pad(local.getUTCHours() % 12 || 12, 2, ' '),
  p: ({ local }) => (local.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: ({ local }) => (local.getUTCHours() < 12 ? 'am' : 'pm'),
  M: ({ local }) => pad(local.getUTCMinutes()),
  S: ({ local }) => pad(local.getUTCSeconds()),
  f: ({ fraction }) => fraction,
  '3f': ({ fraction }) => fraction.slice(0, 3),
  '6f': ({ fraction }) => fraction.slice(0, 6),
  '9f': ({ fraction }) => fraction,
  '.3f': ({ fraction }) => `.${fraction.slice(0, 3)}`,
  '.6f': ({ fraction }) => `.${fraction.slice(0, 6)}`,
  '.9f': ({ fraction }) => `.${fraction}`,
  z: ({ instant }) => offsetText(instant.offset, ''),
  ':z': ({ instant }) => offsetText(instant.offset),
  Z: ({ instant }) => offsetText(instant.offset),
  s: ({ instant }) => String((instant.nanoseconds - mod(instant.nanoseconds)) / 1_000_000_000n),
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

/** Directives that stand for several others. */
const shorthands: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  D: '%m/%d/%y',
  x: '%m/%d/%y',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  v: '%e-%b-%Y',
  c: '%a %b %e %H:%M:%S %Y',
  '+': '%Y-%m-%dT%H:%M:%S%:z',
};

/** Writes a moment by a strftime pattern. A `-` after the percent sign drops the padding. Throws an EvaluationFault. */
export function formatDate(instant: Instant, pattern: string): string {
  const moment = { ...calendar(instant), instant };
  const whole = pattern.replace(/%([FTXDxRrvc+])/g, (_, name: string) => shorthands[name] ?? '');
  return whole.replace(/%(-?)([.:]?\d?[A-Za-z%]|$)?/g, (found, plain: string, name: string | undefined) => {
    const write = name !== undefined && Object.hasOwn(directives, name) ? directives[name] : undefined;
    if (write === undefined) {
      throw new EvaluationFault(`The date directive \`${found}\` is unknown.`, {
        expected: 'directives such as %Y %m %d %H %M %S %z',
        got: found,
        advice: 'Write %% for a percent sign.',
      });
    }
    const written = write(moment);
    return plain === '' ? written : written.replace(/^[0 ]+(?=.)/, '');
  });
}

function mod(nanoseconds: bigint): bigint {
  return ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1;
}

/** ISO 8601: the week belongs to the year of its Thursday. */
function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * dayMs);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}
