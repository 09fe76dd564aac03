import { Failure } from '../kernel/failure.js';
import type { ReadingOptions } from './reading.js';

/** What a document may cost unless the caller says otherwise. */
export const defaultLimits: ReadingOptions = { depth: 256, aliases: 10_000 };

/** The failure of a document whose lists and records nest deeper than `limit`. */
export function tooDeep(limit: number): Failure {
  return new Failure(
    'limit_exceeded',
    `Expected lists and records nested at most ${limit} deep, got deeper nesting.`,
    {
      expected: `nesting of at most ${limit}`,
      got: `nesting of ${limit + 1} or more`,
      advice: 'Make the document flatter.',
    },
  );
}
