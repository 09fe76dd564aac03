import { Failure } from '../kernel/failure.js';
import { stringifyJson } from '../kernel/value/json.js';
import { stringifyNuon } from '../kernel/value/nuon.js';
import { CellPath, DateTime, Duration, Filesize, Float, Range, type Value } from '../kernel/value/value.js';

/**
 * The last line of a job. A job without it was cut: the program then ends with {@link cutJobExitCode} and runs
 * nothing.
 */
export const jobEnd = 'sidecar-job-end';

/** The exit code of a program that found its job missing or cut. */
export const cutJobExitCode = 125;

/**
 * Writes what a program reads from its stdin before it does anything: the job as one line of JSON, and the end
 * mark. Values that JSON cannot carry (dates, durations, sizes, ranges, binary, cell paths, infinities) travel
 * as NUON text inside of it.
 *
 * Throws Failure `arguments_invalid` for what Nushell cannot hold: an integer beyond 64 bits, text that is not
 * Unicode.
 */
export function jobText(job: { readonly result: string; readonly values: Value }): string {
  const carried = carriedBy(job.values);
  const body =
    carried === 'json'
      ? { result: job.result, values: job.values }
      : { result: job.result, nuon: stringifyNuon(job.values) };
  return `${stringifyJson(body)}\n${jobEnd}\n`;
}

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

function carriedBy(value: Value): 'json' | 'nuon' {
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value))
      throw unfit('Text must be Unicode', 'half of a surrogate pair', 'Correct the text.');
    return 'json';
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? 'json' : 'nuon';
  }
  if (typeof value === 'bigint') return fits(value, 'json');
  if (value === null || typeof value === 'boolean') return 'json';
  if (value instanceof Float) return Number.isFinite(value.value) ? 'json' : 'nuon';
  if (value instanceof Duration) return fits(value.nanoseconds, 'nuon');
  if (value instanceof Filesize) return fits(value.bytes, 'nuon');
  if (
    value instanceof DateTime ||
    value instanceof Range ||
    value instanceof CellPath ||
    value instanceof Uint8Array
  ) {
    return 'nuon';
  }
  // All entries are looked at, also after the answer is known: each has to be one that Nushell can hold.
  let carrier: 'json' | 'nuon' = 'json';
  for (const [key, entry] of Object.entries(value)) {
    carriedBy(key);
    if (carriedBy(entry) === 'nuon') carrier = 'nuon';
  }
  return carrier;
}

function fits<T>(integer: bigint, carrier: T): T {
  if (integer >= smallest && integer <= largest) return carrier;
  throw unfit('Integers of Nushell have 64 bits', String(integer), 'Give it as text instead.');
}

function unfit(rule: string, got: string, advice: string): Failure {
  return new Failure('arguments_invalid', `${rule}, got ${got}.`, { expected: rule, got, advice });
}
