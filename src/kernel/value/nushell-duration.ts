/** Nanoseconds of each unit, in Nushell's words and in the short ones of workflow files. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['sec', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['min', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['hr', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['day', 86_400_000_000_000n],
  ['wk', 604_800_000_000_000n],
]);

/** The units a duration is written in, largest first. */
const WRITTEN = ['wk', 'day', 'hr', 'min', 'sec', 'ms', '\u00b5s', 'ns'];

/** What {@link parseNushellDuration} accepts, in words for messages. */
export const NUSHELL_DURATION_EXPECTED = 'a duration such as "30s", "1h30m" or "5min 3sec"';

const WHOLE = /^-?(?:\d+(?:\.\d+)?\s*\p{L}+\s*)+$/u;
const PART = /(\d+)(?:\.(\d+))?\s*(\p{L}+)/gu;

/**
 * Reads a duration, one or more amounts with Nushell's units ("5sec", "1hr 30min", "1.5day", "-2ms") or those of workflow
 * files ("1h30m"), as nanoseconds; undefined when the text is none. What is below a nanosecond is cut off.
 */
export function parseNushellDuration(text: string): bigint | undefined {
  if (!WHOLE.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '0', fraction = '', unit = ''] of text.matchAll(PART)) {
    const size = UNITS.get(unit);
    if (size === undefined) return undefined;
    total += BigInt(whole) * size;
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return text.startsWith('-') ? -total : total;
}

/** Writes nanoseconds as Nushell does ("5min 3sec"): text that {@link parseNushellDuration} and Nushell read back. */
export function nushellDurationText(nanoseconds: bigint): string {
  const parts: string[] = [];
  let rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const unit of WRITTEN) {
    const size = UNITS.get(unit) ?? 1n;
    if (rest >= size) parts.push(`${rest / size}${unit}`);
    rest %= size;
  }
  return `${nanoseconds < 0n ? '-' : ''}${parts.length === 0 ? '0sec' : parts.join(' ')}`;
}
