import { isAbsolute, join, resolve } from 'node:path';
import { setOwnKey } from '../kernel/value/own-key.js';
import {
  CellPath,
  DateTime,
  Duration,
  Filesize,
  Float,
  isList,
  isRecord,
  ownKey,
  Range,
  typeName,
  type Value,
} from '../kernel/value/value.js';
import { type Shape, shapeText } from './shape.js';
import { parseCellPath, parseDateTime, parseDuration, parseFilesize, parseRange } from './typed-text.js';

/** What paths are relative to. */
export interface PathBase {
  /** Absolute. */
  readonly cwd: string;
  /** What a leading `~` stands for; without it a `~` is left alone. */
  readonly home?: string | undefined;
}

export type Conversion =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly expected: string; readonly got: string; readonly advice: string };

const fine = (value: Value): Conversion => ({ ok: true, value });

/**
 * Converts a value to what a parameter of this type takes, or says why not. Nushell itself does not check a flag
 * at run time. JSON's stand-ins for typed values are taken: text or nanoseconds for a duration, text or bytes
 * for a filesize, RFC 3339 text for a date, a list of bytes for binary, text for a range and a cell path; an int
 * serves as float. Paths become absolute.
 */
export function convertValue(value: Value, shape: Shape, base: PathBase): Conversion {
  switch (shape.kind) {
    case 'list':
      return convertList(value, shape, shape.of, base);
    case 'table':
      return convertList(value, shape, { kind: 'record', fields: shape.fields }, base);
    case 'record':
      return convertRecord(value, shape, base);
    case 'oneof':
      return convertOneOf(value, shape, base);
    case 'scalar':
      return convertScalar(value, shape.name, base);
  }
}

function convertList(value: Value, shape: Shape, element: Shape, base: PathBase): Conversion {
  if (!isList(value)) return misfit(value, shapeText(shape), 'Give a list.');
  const converted: Value[] = [];
  for (const [index, entry] of value.entries()) {
    const result = convertValue(entry, element, base);
    if (!result.ok) return { ...result, got: `${result.got} at index ${index}` };
    converted.push(result.value);
  }
  return fine(converted);
}

function convertRecord(
  value: Value,
  shape: Extract<Shape, { readonly kind: 'record' | 'table' }>,
  base: PathBase,
): Conversion {
  if (!isRecord(value)) return misfit(value, shapeText(shape), 'Give a record.');
  const converted: Record<string, Value> = {};
  for (const [key, entry] of Object.entries(value)) {
    const field = shape.fields.get(key);
    const result = field === undefined ? fine(entry) : convertValue(entry, field, base);
    if (!result.ok) return { ...result, got: `${result.got} at key ${key}` };
    setOwnKey(converted, key, result.value);
  }
  const absent = [...shape.fields.keys()].find((key) => ownKey(value, key) === undefined);
  if (absent !== undefined) {
    return {
      ok: false,
      expected: shapeText(shape),
      got: `a record without ${absent}`,
      advice: `Add the key ${absent}.`,
    };
  }
  return fine(converted);
}

/** An option that takes the value as it is wins over one that would convert it. */
function convertOneOf(
  value: Value,
  shape: Extract<Shape, { readonly kind: 'oneof' }>,
  base: PathBase,
): Conversion {
  const results = shape.options.map((option) => convertValue(value, option, base));
  const fitting = results.filter((result) => result.ok);
  return (
    fitting.find((result) => result.value === value) ??
    fitting[0] ??
    misfit(value, shapeText(shape), 'Give one of these types.')
  );
}

function convertScalar(value: Value, name: string, base: PathBase): Conversion {
  switch (name) {
    case 'string':
      return typeof value === 'string'
        ? fine(value)
        : misfit(value, name, 'Put it in quotes to make it text.');
    case 'int':
      return isInt(value) ? fine(value) : misfit(value, name, 'Give a whole number, without quotes.');
    case 'float':
      return toFloat(value) ?? misfit(value, name, 'Give a number, without quotes.');
    case 'number':
      return isInt(value) || isFloat(value)
        ? fine(value)
        : misfit(value, name, 'Give a number, without quotes.');
    case 'bool':
      return typeof value === 'boolean'
        ? fine(value)
        : misfit(value, name, 'Give true or false, without quotes.');
    case 'nothing':
      return value === null ? fine(value) : misfit(value, name, 'Give null, or leave it out.');
    case 'duration':
      return toDuration(value) ?? misfit(value, name, 'Write it like "5sec", "1hr 30min" or "1h30m".');
    case 'filesize':
      return toFilesize(value) ?? misfit(value, name, 'Write it like "10kb" or "1.5GiB", or give the bytes.');
    case 'datetime':
      return toDateTime(value) ?? misfit(value, name, 'Write it in RFC 3339, like "2026-01-02T03:04:05Z".');
    case 'binary':
      return toBinary(value) ?? misfit(value, name, 'Give a list of bytes, each from 0 to 255.');
    case 'range':
      return toRange(value) ?? misfit(value, name, 'Write it like "1..3" or "1..<4".');
    case 'cell-path':
      return toCellPath(value) ?? misfit(value, name, 'Write it like "servers.0.name".');
    case 'path':
    case 'directory':
      return typeof value === 'string'
        ? fine(absolutePath(value, base))
        : misfit(value, name, 'Give the path as text.');
    case 'glob':
      return typeof value === 'string' ? fine(value) : misfit(value, name, 'Give the pattern as text.');
    default:
      // Code is no data: a closure cannot come from outside. Any other name ("any", a custom type) is Nushell's
      // to judge.
      return name.startsWith('closure') || name === 'block'
        ? misfit(
            value,
            name,
            'A closure cannot be given from outside: wrap the command in one that makes it.',
          )
        : fine(value);
  }
}

function isInt(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function isFloat(value: Value): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
}

function toFloat(value: Value): Conversion | undefined {
  if (isFloat(value)) return fine(value);
  return isInt(value) ? fine(new Float(Number(value))) : undefined;
}

function toDuration(value: Value): Conversion | undefined {
  if (value instanceof Duration) return fine(value);
  if (isInt(value)) return fine(new Duration(BigInt(value)));
  return found(typeof value === 'string' ? parseDuration(value) : undefined);
}

function toFilesize(value: Value): Conversion | undefined {
  if (value instanceof Filesize) return fine(value);
  if (isInt(value)) return fine(new Filesize(BigInt(value)));
  return found(typeof value === 'string' ? parseFilesize(value) : undefined);
}

function toDateTime(value: Value): Conversion | undefined {
  if (value instanceof DateTime) return fine(value);
  return found(typeof value === 'string' ? parseDateTime(value) : undefined);
}

function toBinary(value: Value): Conversion | undefined {
  if (value instanceof Uint8Array) return fine(value);
  if (!isList(value)) return undefined;
  const isByte = (byte: Value): byte is number => isInt(byte) && byte >= 0 && byte <= 255;
  return value.every(isByte) ? fine(Uint8Array.from(value)) : undefined;
}

function toRange(value: Value): Conversion | undefined {
  if (value instanceof Range) return fine(value);
  return found(typeof value === 'string' ? parseRange(value) : undefined);
}

function toCellPath(value: Value): Conversion | undefined {
  if (value instanceof CellPath) return fine(value);
  if (isInt(value) && value >= 0) return found(parseCellPath(String(value)));
  return found(typeof value === 'string' ? parseCellPath(value) : undefined);
}

const found = (value: Value | undefined): Conversion | undefined =>
  value === undefined ? undefined : fine(value);

function absolutePath(path: string, base: PathBase): string {
  if (base.home !== undefined && (path === '~' || path.startsWith('~/')))
    return join(base.home, path.slice(1));
  return isAbsolute(path) ? path : resolve(base.cwd, path);
}

function misfit(value: Value, expected: string, advice: string): Conversion {
  return { ok: false, expected, got: shown(value), advice };
}

/** The type of a value and, where it is short, the value. */
function shown(value: Value): string {
  const type = typeName(value);
  if (typeof value === 'string') return `${type} ${JSON.stringify(cut(value))}`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return `${type} ${value}`;
  return type;
}

const cut = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
