/** Writes milliseconds for people: "0.4s", "12.3s", "2m 05s", "1h 02m", "3d 04h". Negative counts as none. */
export function elapsedText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return pair(Math.floor(whole / 60), 'm', whole % 60, 's');
  if (whole < 86_400) return pair(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'm');
  return pair(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h');
}

const pair = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  `${big}${bigUnit} ${String(small).padStart(2, '0')}${smallUnit}`;

/** The text of the time from one RFC 3339 moment to another (default: now, in epoch milliseconds); empty when it has not begun. */
export function elapsedBetween(
  startedAt: string | undefined,
  endedAt: string | undefined,
  now: number,
): string {
  if (startedAt === undefined) return '';
  return elapsedText((endedAt === undefined ? now : Date.parse(endedAt)) - Date.parse(startedAt));
}
