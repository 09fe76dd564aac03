/** Time as the program sees it. Passed in wherever it matters, so that tests hold the hands. */
export interface Clock {
  /** Wall time in milliseconds since 1970 (UTC). It may jump; never measure a duration with it. */
  now(): number;
  /** Milliseconds since some start, never falling: for timeouts and durations. */
  monotonic(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** Milliseconds since 1970 as RFC 3339 text in UTC, the form of every time on the wire. */
export function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
