/** What one pass over a JSON text tells without parsing it. */
export interface JsonScan {
  /** The deepest nesting of lists and records, counted up to one past the limit that was asked for. */
  readonly depth: number;
  /**
   * Where the numbers stand that `JSON.parse` would change: start and end offsets, in turn, of integers past 2^53,
   * floats with a whole value, `-0`, and what is beyond the range of a double.
   */
  readonly lossy: readonly number[];
}

const quote = 34;
const backslash = 92;

/** The offset after the closing quote of the string that opens at `open`, or the text's length when it never closes. */
export function afterString(text: string, open: number): number {
  // indexOf jumps over long strings at memchr speed; only quotes preceded by backslashes need a closer look.
  for (let end = text.indexOf('"', open + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

function isLossy(literal: string, isFloat: boolean): boolean {
  const value = Number(literal);
  if (isFloat) return Number.isInteger(value) || !Number.isFinite(value);
  return !Number.isSafeInteger(value) || Object.is(value, -0);
}

/**
 * Scans a JSON text once, skipping strings, and stops as soon as the nesting exceeds `depthLimit`. The text need not be
 * valid: the scan only bounds what a parser may meet.
 */
export function scanJson(text: string, depthLimit: number): JsonScan {
  const lossy: number[] = [];
  let depth = 0;
  let deepest = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = afterString(text, at);
    } else if (code === 91 || code === 123) {
      depth++;
      if (depth > deepest) deepest = depth;
      if (depth > depthLimit) return { depth, lossy };
      at++;
    } else if (code === 93 || code === 125) {
      depth--;
      at++;
    } else if ((code >= 48 && code <= 57) || code === 45) {
      const start = at;
      let isFloat = false;
      for (at++; ; at++) {
        const next = text.charCodeAt(at);
        if (next >= 48 && next <= 57) continue;
        // + - . E e
        if (next !== 43 && next !== 45 && next !== 46 && next !== 69 && next !== 101) break;
        isFloat = true;
      }
      // Up to 15 digits are below 2^53 without a look at the value; two characters may be "-0".
      if (isFloat || at - start > 15 || (at - start === 2 && code === 45)) {
        if (isLossy(text.slice(start, at), isFloat)) lossy.push(start, at);
      }
    } else {
      at++;
    }
  }
  return { depth: deepest, lossy };
}

/** Whether lists and records of a JSON text nest deeper than `limit`; linear, without recursion, valid text or not. */
export function jsonDepthExceeds(text: string, limit: number): boolean {
  return scanJson(text, limit).depth > limit;
}
