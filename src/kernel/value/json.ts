import { Failure } from '../failure.js';
import { JsonReader } from './json-reader.js';
import { parseRestoring } from './json-restore.js';
import { scanJson } from './json-scan.js';
import { writeJson } from './json-writer.js';
import type { Value } from './value.js';

/** Lists and records may nest this deep unless a caller says otherwise. */
export const defaultJsonDepth = 256;

/**
 * Parses one JSON text (RFC 8259) without losing anything: integers of any size are exact, a float with a whole value
 * (`1.0`, `1e2`, `-0.0`) becomes a {@link Float}, and of equal keys the last one counts. A float with more digits
 * than a double holds becomes the nearest double, as in Nushell; one beyond the range of a double (`1e400`) is refused,
 * because it could only be read as infinity, which JSON cannot write back.
 *
 * Throws `parse_error` with `position` (offset in UTF-16 units), `line` and `column` (from 1), and `limit_exceeded` when
 * the nesting is deeper than `depth`.
 */
export function parseJson(text: string, depth: number = defaultJsonDepth): Value {
  const scan = scanJson(text, depth);
  if (scan.depth > depth) {
    throw new Failure('limit_exceeded', `Expected JSON nested at most ${depth} deep, got deeper nesting.`, {
      expected: `nesting of at most ${depth}`,
      got: `nesting of ${depth + 1} or more`,
    });
  }
  try {
    // What JSON.parse returns is a Value by construction: null, booleans, numbers, strings, lists and plain records.
    return scan.lossy.length === 0 ? (JSON.parse(text) as Value) : parseRestoring(text, scan.lossy);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Native messages differ between Node versions and often lack the place: the reader says it in our words.
  }
  return new JsonReader(text).document();
}

/**
 * Writes a value as JSON, typed values as Nushell's `to json -r` does: a date as RFC 3339 text, a duration as integer
 * nanoseconds, a file size as integer bytes, binary as a list of integers, a range and a cell path as their text; nan and
 * infinities become null. Floats keep their `.0` and integers are exact. `indent` is the number of spaces per level.
 */
export function stringifyJson(value: Value, indent = 0): string {
  return writeJson(value, indent);
}
