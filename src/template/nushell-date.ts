import { monthNames, weekdayNames } from './date-format.js';
import { calendar, type Instant, offsetText } from './instant.js';

/** The steps of "10 months ago": above so many seconds, the unit, its seconds, and its words for one. */
const periods: readonly (readonly [above: number, seconds: number, unit: string, one: string])[] = [
  [47_260_800, 31_536_000, 'years', 'a year'],
  [3_888_000, 2_592_000, 'months', 'a month'],
  [907_200, 604_800, 'weeks', 'a week'],
  [129_600, 86_400, 'days', 'a day'],
  [5_400, 3_600, 'hours', 'an hour'],
  [90, 60, 'minutes', 'a minute'],
];
/** Above so many seconds a period is one of the unit in the same row of {@link periods}. */
const oneAbove = [29_808_000, 2_505_600, 561_600, 79_200, 2_700, 45];

/**
 * A date as Nushell's string interpolation writes it: "Fri, 2 Jan 2026 03:04:05 +0000 (10 months ago)"; without `now`
 * (milliseconds since 1970) it ends before the bracket and never changes.
 */
export function nushellDate(instant: Instant, now: number | undefined): string {
  const { local } = calendar(instant);
  const weekday = (weekdayNames[local.getUTCDay()] ?? '').slice(0, 3);
  const month = (monthNames[local.getUTCMonth()] ?? '').slice(0, 3);
  const time = local.toISOString().slice(-13, -5);
  const zone = offsetText(instant.offset, '');
  const fixed = `${weekday}, ${local.getUTCDate()} ${month} ${local.getUTCFullYear()} ${time} ${zone}`;
  if (now === undefined) return fixed;
  return `${fixed} (${distance(Number(instant.nanoseconds / 1_000_000n) - now)})`;
}

/** The rough distance of chrono-humanize, which Nushell prints. */
function distance(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds <= 10) return 'now';
  const words = roughly(seconds);
  return milliseconds > 0 ? `in ${words}` : `${words} ago`;
}

function roughly(seconds: number): string {
  for (const [index, [above, size, unit, one]] of periods.entries()) {
    if (seconds > above) return `${Math.max(2, Math.floor(seconds / size))} ${unit}`;
    if (seconds > (oneAbove[index] ?? 0)) return one;
  }
  return `${seconds} seconds`;
}
