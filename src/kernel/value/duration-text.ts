/** Milliseconds of each unit of a setting. No months and years: they have no fixed length. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What {@link parseDurationText} accepts, as a regular expression for schemas. */
export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** What {@link parseDurationText} accepts, in words for messages. */
export const DURATION_EXPECTED = 'a duration such as "500ms", "30s" or "1h30m" (units ms, s, m, h, d)';

/**
 * Reads the duration of a setting ("30s", "1h30m", "1.5h") as whole milliseconds; undefined when the text is none, or is
 * longer than the 2^53 milliseconds a number holds exactly.
 */
export function parseDurationText(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  }
  const rounded = Math.round(total);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}
