/**
 * A new run id: `r-`, the time in base 36 (nine digits, so that ids sort by time for the next thousand years), and 40 random
 * bits. Safe as a file name and short enough to type.
 */
export function newRunId(now: number, random: Uint8Array): string {
  const time = now.toString(36).padStart(9, '0');
  const tail = [...random.subarray(0, 8)].map((byte) => (byte % 36).toString(36)).join('');
  return `r-${time}${tail}`;
}
