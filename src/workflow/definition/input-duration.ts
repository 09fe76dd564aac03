/** Nanoseconds of each unit, in Nushell's words and in those of a workflow file. */
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5
  μs: 1_000n, // U+03BC
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

const PART = '(\\d+)(ns|us|µs|μs|ms|sec|s|min|m|hr|h|day|d|wk)';
const WHOLE = new RegExp(`^-?${PART}(?: ?${PART})*$`);

/** What {@link parseInputDuration} accepts, in words for messages. */
export const INPUT_DURATION_EXPECTED = 'a duration such as "30s", "1h30m" or "5min 3sec"';

/** Reads the duration of an input ("5m", "5min 3sec", "-2hr") as nanoseconds; undefined when the text is none. */
export function parseInputDuration(text: string): bigint | undefined {
  if (!WHOLE.test(text)) return undefined;
  let total = 0n;
  for (const [, amount = '0', unit = 'ns'] of text.matchAll(new RegExp(PART, 'g'))) {
    total += BigInt(amount) * (UNITS[unit] ?? 0n);
  }
  return text.startsWith('-') ? -total : total;
}

/** Writes nanoseconds as Nushell does ("5min 3sec"): text that {@link parseInputDuration} and Nushell read back. */
export function inputDurationText(nanoseconds: bigint): string {
  const parts: string[] = [];
  let rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const unit of ['wk', 'day', 'hr', 'min', 'sec', 'ms', 'us', 'ns']) {
    const size = UNITS[unit] ?? 1n;
    if (rest >= size) parts.push(`${rest / size}${unit}`);
    rest %= size;
  }
  return `${nanoseconds < 0n ? '-' : ''}${parts.length === 0 ? '0sec' : parts.join(' ')}`;
}
