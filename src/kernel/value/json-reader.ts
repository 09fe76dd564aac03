import { positionAt, shortened } from '../excerpt.js';
import { Failure } from '../failure.js';
import { exactNumber } from './json-restore.js';
import { afterString } from './json-scan.js';
import { setOwnKey } from './own-key.js';
import type { Float, Value, ValueRecord } from './value.js';

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordPattern = /[A-Za-z_$][\w$]*/y;

/**
 * The exact JSON reader: slower than `JSON.parse`, but integers of any size and floats such as `1.0` stay what they
 * are, and an error has a place. It recurses once per nesting level: bound the depth before using it.
 */
export class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads the whole text as one value; throws `parse_error`. */
  document(): Value {
    this.#space();
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('the end of the text');
    return value;
  }

  #value(): Value {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#record();
      case '[':
        return this.#list();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #record(): ValueRecord {
    const record: Record<string, Value> = {};
    this.#at++;
    this.#space();
    if (this.#take('}')) return record;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#error('a key in double quotes');
      const key = this.#string();
      this.#space();
      if (!this.#take(':')) throw this.#error('":" after the key');
      this.#space();
      setOwnKey(record, key, this.#value());
      this.#space();
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#error('"," or "}"');
    return record;
  }

  #list(): Value[] {
    const list: Value[] = [];
    this.#at++;
    this.#space();
    if (this.#take(']')) return list;
    do {
      this.#space();
      list.push(this.#value());
      this.#space();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#error('"," or "]"');
    return list;
  }

  #string(): string {
    const end = afterString(this.#text, this.#at);
    try {
      const decoded: unknown = JSON.parse(this.#text.slice(this.#at, end));
      if (typeof decoded === 'string') {
        this.#at = end;
        return decoded;
      }
    } catch {
      // Reported below, at the place of the string.
    }
    throw this.#error('a string closed by a double quote, with control characters and quotes escaped');
  }

  #number(): number | bigint | Float {
    numberPattern.lastIndex = this.#at;
    const literal = numberPattern.exec(this.#text)?.[0];
    if (literal === undefined) throw this.#error('a value');
    const value = exactNumber(literal);
    if (value === undefined)
      throw this.#error('a number of at most 10000 digits within the range of a 64-bit float', literal);
    this.#at += literal.length;
    return value;
  }

  #word<T extends Value>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error('a value');
    this.#at += word.length;
    return value;
  }

  #space(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #error(expected: string, found?: string): Failure {
    const got = found === undefined ? this.#found() : shortened(found);
    const { line, column } = positionAt(this.#text, this.#at);
    return new Failure(
      'parse_error',
      `Expected ${expected}, got ${got}, at line ${line}, column ${column}.`,
      {
        expected,
        got,
        position: this.#at,
        line,
        column,
      },
    );
  }

  #found(): string {
    if (this.#at >= this.#text.length) return 'the end of the text';
    wordPattern.lastIndex = this.#at;
    const word =
      wordPattern.exec(this.#text)?.[0] ?? String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    return JSON.stringify(shortened(word));
  }
}
