/**
 * The value model: every Nushell value that crosses the sidecar, as JavaScript sees it.
 *
 * | Nushell            | JavaScript                                                            |
 * |--------------------|-----------------------------------------------------------------------|
 * | nothing, bool, string | `null`, `boolean`, `string`                                        |
 * | int                | `number` when it is a safe integer, else `bigint` (64 bits and more)  |
 * | float              | `number` when it has a fraction (or is not finite), else {@link Float}: 1.0 stays 1.0 |
 * | list, record, table| array, plain object read by own keys only, array of objects           |
 * | date, duration, filesize, range, binary, cell-path | the classes below; `Uint8Array` for binary |
 *
 * So `Number.isInteger(x)` on a plain number means "int", and no integer is ever rounded.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | DateTime
  | Duration
  | Filesize
  | Range
  | CellPath
  | Uint8Array
  | readonly Value[]
  | ValueRecord;

/** A Nushell record. Read it with own-key checks: keys such as `__proto__` are data. */
export interface ValueRecord {
  readonly [key: string]: Value;
}

/** A float whose value is a whole number (1.0, -0.0, 1e300): a plain `number` would turn it into an int. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A point in time with its offset, as RFC 3339 text with up to nanoseconds ("2026-01-02T03:04:05.123456789+01:00"). */
export class DateTime {
  readonly rfc3339: string;
  constructor(rfc3339: string) {
    this.rfc3339 = rfc3339;
  }
}

/** A duration in nanoseconds. */
export class Duration {
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** A size in bytes. */
export class Filesize {
  readonly bytes: bigint;
  constructor(bytes: bigint) {
    this.bytes = bytes;
  }
}

/** A Nushell range: `1..3`, `1..<3`, `0..2..10`, `5..` (end null). `next` is the second element where a step was written. */
export class Range {
  readonly start: number | bigint | Float;
  readonly next: number | bigint | Float | null;
  readonly end: number | bigint | Float | null;
  readonly inclusive: boolean;
  constructor(
    start: number | bigint | Float,
    next: number | bigint | Float | null,
    end: number | bigint | Float | null,
    inclusive: boolean,
  ) {
    this.start = start;
    this.next = next;
    this.end = end;
    this.inclusive = inclusive;
  }
}

/** A cell path such as `$.a.0.b`, kept as its text. */
export class CellPath {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Whether a value is a record: an object that is none of the typed classes, no list and no binary. */
export function isRecord(value: unknown): value is ValueRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is a list. Array.isArray does not narrow a readonly list out of a union. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** The kind of a value in Nushell's words, for messages: "int", "float", "record", … */
export function typeName(value: Value): string {
  if (value === null) return 'nothing';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (value instanceof Float) return 'float';
  if (value instanceof DateTime) return 'datetime';
  if (value instanceof Duration) return 'duration';
  if (value instanceof Filesize) return 'filesize';
  if (value instanceof Range) return 'range';
  if (value instanceof CellPath) return 'cell-path';
  if (value instanceof Uint8Array) return 'binary';
  return Array.isArray(value) ? 'list' : 'record';
}

/** Reads an own key of a record; undefined when the record does not have it. */
export function ownKey(record: ValueRecord, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
