import type { InputDefinition } from '../../../state/definition.js';
import { Failure } from '../../kernel/failure.js';
import { parseJson } from '../../kernel/value/json.js';
import { parseNuon } from '../../kernel/value/nuon.js';
import {
  NUSHELL_DURATION_EXPECTED,
  nushellDurationText,
  parseNushellDuration,
} from '../../kernel/value/nushell-duration.js';
import { Duration, Float, isRecord, type Value } from '../../kernel/value/value.js';
import { frozen } from '../frozen.js';

type InputType = InputDefinition['type'];

/** What each type accepts, in words for messages. */
const EXPECTED: Readonly<Record<InputType, string>> = {
  string: 'a string',
  int: 'an integer',
  float: 'a number',
  bool: 'true or false',
  list: 'a list',
  record: 'a record',
  duration: NUSHELL_DURATION_EXPECTED,
  path: 'a path',
  any: 'any value',
};

/** A value in the JSON form a run keeps, or what was expected instead. */
export type Converted = { readonly value: Value } | { readonly expected: string };

/**
 * Converts a value to the type of an input. The result is in JSON form, which is what the disk keeps, so that a run sees the
 * same before and after a restart: a duration is its text in Nushell's words, a date its RFC 3339 text.
 */
export function convertInput(value: Value, type: InputType): Converted {
  const converted = ofType(value, type);
  return converted === undefined ? { expected: EXPECTED[type] } : { value: frozen(converted) };
}

/** Converts the text of a command line to the type of an input: JSON or NUON for lists and records; for "any" it stays text. */
export function convertText(text: string, type: InputType): Converted {
  const value = fromText(text, type);
  if (value === undefined)
    return { expected: `${EXPECTED[type]}${type === 'list' || type === 'record' ? ' in JSON or NUON' : ''}` };
  return convertInput(value, type);
}

function ofType(value: Value, type: InputType): Value | undefined {
  switch (type) {
    case 'any':
      return value;
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'path':
      return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'int':
      return typeof value === 'bigint' || Number.isInteger(value) ? value : undefined;
    case 'float':
      return asFloat(value);
    case 'list':
      return Array.isArray(value) ? value : undefined;
    case 'record':
      return isRecord(value) ? value : undefined;
    case 'duration':
      return asDurationText(value);
  }
}

function asFloat(value: Value): Value | undefined {
  if (value instanceof Float) return value;
  if (typeof value === 'bigint') return new Float(Number(value));
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Number.isInteger(value) ? new Float(value) : value;
}

function asDurationText(value: Value): string | undefined {
  const nanoseconds =
    value instanceof Duration
      ? value.nanoseconds
      : typeof value === 'string'
        ? parseNushellDuration(value)
        : undefined;
  return nanoseconds === undefined ? undefined : nushellDurationText(nanoseconds);
}

function fromText(text: string, type: InputType): Value | undefined {
  switch (type) {
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'int':
      return /^[+-]?\d+$/.test(text) ? asInt(BigInt(text.replace('+', ''))) : undefined;
    case 'float':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
    case 'list':
    case 'record':
      return structured(text);
    default:
      return text;
  }
}

const asInt = (whole: bigint): number | bigint =>
  Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;

/** JSON first: NUON reads most of JSON, but not all of its strings alike. */
function structured(text: string): Value | undefined {
  for (const parse of [parseJson, parseNuon]) {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return undefined;
}
