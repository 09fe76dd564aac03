/** What one pass over a JSON text tells without parsing it. */
export interface JsonScan {
  /** The deepest nesting of lists and records, counted up to one past the limit that was asked for. */
  readonly depth: number;
  /** Whether `JSON.parse` would lose something: an integer past 2^53 or a float that is a whole number. */
  readonly lossy: boolean;
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

function isNumberCode(code: number): boolean {
  // 0-9 + - . E e
  return (
    (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101
  );
}

function isLossy(literal: string): boolean {
  const value = Number(literal);
  if (/[.eE]/.test(literal)) return Number.isInteger(value) || !Number.isFinite(value);
  return !Number.isSafeInteger(value);
}

/**
 * Scans a JSON text once, skipping strings, and stops as soon as the nesting exceeds `depthLimit`. The text need not be
 * valid: the scan only bounds what a parser may meet.
 */
export function scanJson(text: string, depthLimit: number): JsonScan {
  let depth = 0;
  let deepest = 0;
  let lossy = false;
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
      let plain = true;
      for (at++; ; at++) {
        const next = text.charCodeAt(at);
        if (!isNumberCode(next)) break;
        if (next > 57 || next === 46) plain = false;
      }
      // Up to 15 digits are below 2^53 without a look at the value.
      if (!lossy && (!plain || at - start > 15)) lossy = isLossy(text.slice(start, at));
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
