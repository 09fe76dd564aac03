import { parseDate } from '../kernel/value/date-text.js';
import { exactInteger } from '../kernel/value/exact-integer.js';
import { Float, type Value } from '../kernel/value/value.js';

const integer = /^[-+]?[0-9]+$/;
const octal = /^0o[0-7]+$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinity = /^([-+]?)\.(?:inf|Inf|INF)$/;
const words: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['', null],
  ['~', null],
  ...['null', 'Null', 'NULL'].map((word): [string, Value] => [word, null]),
  ...['true', 'True', 'TRUE'].map((word): [string, Value] => [word, true]),
  ...['false', 'False', 'FALSE'].map((word): [string, Value] => [word, false]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Value] => [word, Number.NaN]),
]);

/** A plain scalar under the core schema (YAML 1.2.2 §10.3.2), which is also what Nushell's `open` does. */
export function yamlScalar(text: string): Value {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (integer.test(text)) return exactInteger(text.replace(/^\+/, '')) ?? text;
  if (octal.test(text) || hexadecimal.test(text)) return exactInteger(text) ?? text;
  if (float.test(text)) return exactFloat(Number(text));
  const sign = infinity.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text;
}

/**
 * A scalar with an explicit tag of YAML's own (`int` of `!!int`); undefined when the text does not fit the tag or the
 * tag is none for scalars.
 */
export function yamlTagged(tag: string, text: string): Value | undefined {
  const plain = yamlScalar(text);
  switch (tag) {
    case 'str':
      return text;
    case 'null':
      return plain === null ? null : undefined;
    case 'bool':
      return typeof plain === 'boolean' ? plain : undefined;
    case 'int':
      return typeof plain === 'bigint' || Number.isInteger(plain) ? plain : undefined;
    case 'float':
      if (typeof plain === 'bigint' || typeof plain === 'number') return exactFloat(Number(plain));
      return plain instanceof Float ? plain : undefined;
    case 'binary':
      return /^[A-Za-z0-9+/=\s]*$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
    case 'timestamp':
      return parseDate(text);
    default:
      return undefined;
  }
}

function exactFloat(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}
