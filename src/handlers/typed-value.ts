import { Failure } from '../kernel/failure.js';
import { parseNuon, stringifyNuon } from '../kernel/value/nuon.js';
import { isRecord, typeName, type Value, type ValueRecord } from '../kernel/value/value.js';

/** A value, or its NUON twin: text that keeps dates, durations, file sizes, binary and ranges. */
export function valueOrNuon(value: Value | undefined, nuon: string | undefined): Value | undefined {
  return nuon === undefined ? value : parseNuon(nuon);
}

/** The same where a record is meant; nothing given is an empty one. Throws Failure `invalid_params`. */
export function recordOrNuon(
  name: string,
  value: ValueRecord | undefined,
  nuon: string | undefined,
): ValueRecord {
  if (nuon === undefined) return value ?? {};
  const parsed = parseNuon(nuon);
  if (isRecord(parsed)) return parsed;
  throw new Failure('invalid_params', `${name}Nuon must be the text of a record.`, {
    expected: 'a record',
    got: typeName(parsed),
  });
}

/** A result as the client asked for it: always as JSON, with `nuon` as NUON text beside it. */
export function typedResult(value: Value, nuon: boolean | undefined): { value: Value; valueNuon?: string } {
  return nuon === true ? { value, valueNuon: stringifyNuon(value) } : { value };
}
