import { positionAt, shortened } from '../excerpt.js';
import { Failure } from '../failure.js';
import { binary } from './nuon-binary.js';
import { literal } from './nuon-literal.js';
import { resolveEscapes } from './nuon-string.js';
import { setOwnKey } from './own-key.js';
import { CellPath, type Value } from './value.js';

/** A NUON value and where it stands, in UTF-16 offsets; `items` of a list or table, `fields` of a record or table row. */
export interface NuonNode {
  readonly value: Value;
  readonly start: number;
  readonly end: number;
  readonly items?: readonly NuonNode[];
  readonly fields?: readonly NuonField[];
}

export interface NuonField {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly node: NuonNode;
}

interface NuonColumn {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const inList = /[^\s,;|[\]{}()"'`]+/y;
const inRecord = /[^\s,;|[\]{}()"'`:]+/y;
/** The one literal with colons: it is read before a bare word of a record, which ends at a colon. */
const dateTime = /\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}[\d.]*(?:[Zz]|[+-]\d{2}:\d{2})?/y;
const rawOpening = /r(#+)'/y;
const cellPath = /\$\.(?:(?:"[^"\n]*"|'[^'\n]*'|[^\s,;|[\]{}()"'`.?!]+)[?!]*(?:\.(?=[^\s,\]}]))?)*/y;
const binaryOpening = /0([xob])\[/y;

/**
 * Reads NUON as Nushell's `from nuon` does, into nodes with their places. Where Nushell would guess or drop something
 * (`[1;2]`, `[a|b]`) it refuses. It recurses once per nesting level, at most `depth` deep.
 */
export class NuonReader {
  readonly #text: string;
  readonly #depth: number;
  #at = 0;
  #level = 0;

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  /** The whole text as one value; a text without one is null. Throws `parse_error` and `limit_exceeded`. */
  document(): NuonNode {
    this.#skip();
    if (this.#at === this.#text.length) return { value: null, start: 0, end: this.#at };
    const node = this.#value(inList, false);
    this.#skip();
    if (this.#at < this.#text.length) throw this.#error('the end of the text after the value');
    return node;
  }

  #value(bare: RegExp, words: boolean): NuonNode {
    const start = this.#at;
    switch (this.#text[start]) {
      case '[':
        return this.#nested(() => this.#list());
      case '{':
        return this.#nested(() => this.#record());
      case '"':
      case "'":
        return this.#leaf(start, this.#string());
      case '`':
        if (words) return this.#leaf(start, this.#string());
        throw this.#error('a value; a string at the top needs double or single quotes');
      default:
        return this.#scalar(bare, words);
    }
  }

  #scalar(bare: RegExp, words: boolean): NuonNode {
    const start = this.#at;
    const raw = this.#rawString();
    if (raw !== null) return this.#leaf(start, raw);
    const path = this.#match(cellPath);
    if (path !== undefined) return this.#leaf(start, new CellPath(path.replace(/'([^']*)'/g, '"$1"')));
    const base = this.#match(binaryOpening);
    if (base !== undefined) return this.#leaf(start, this.#binary(base));
    const token = this.#match(dateTime) ?? this.#match(bare);
    if (token === undefined) throw this.#error('a value');
    const value = literal(token);
    if (value !== undefined) return this.#leaf(start, value);
    this.#at = start;
    if (token.startsWith('$')) throw this.#error('a value; NUON has no variables', token);
    if (/^0[xob]/.test(token)) throw this.#error(`digits of the base that ${token.slice(0, 2)} names`, token);
    if (!words) throw this.#error('a value; a string at the top needs quotes', token);
    this.#at += token.length;
    return this.#leaf(start, token);
  }

  #list(): NuonNode {
    const start = this.#at++;
    const items: NuonNode[] = [];
    for (this.#skip(true); !this.#take(']'); this.#skip(true)) {
      if (this.#at === this.#text.length) throw this.#error('"]" to close the list', undefined, start);
      if (items.length === 1 && items[0]?.items !== undefined && this.#take(';'))
        return this.#table(start, items[0]);
      items.push(this.#value(inList, true));
    }
    return { value: items.map((item) => item.value), start, end: this.#at, items };
  }

  #table(start: number, header: NuonNode): NuonNode {
    const names = new Set<string>();
    const columns = (header.items ?? []).map((column): NuonColumn => {
      const { value: name } = column;
      if (typeof name !== 'string') throw this.#error('a column name', this.#source(column), column.start);
      if (names.has(name)) throw this.#error('each column once', this.#source(column), column.start);
      names.add(name);
      return { name, start: column.start, end: column.end };
    });
    const items: NuonNode[] = [];
    for (this.#skip(true); !this.#take(']'); this.#skip(true)) {
      if (this.#text[this.#at] !== '[') throw this.#error('a row in brackets, or "]" to close the table');
      const row = this.#value(inList, true);
      if (row.items?.length !== columns.length) {
        throw this.#error(
          `a row of ${columns.length} cells`,
          `${row.items?.length ?? 'no'} cells`,
          row.start,
        );
      }
      items.push(tableRow(columns, row));
    }
    if (items.length === 0) throw this.#error('a row after the header', '"]"', this.#at - 1);
    return { value: items.map((item) => item.value), start, end: this.#at, items };
  }

  #record(): NuonNode {
    const start = this.#at++;
    const fields: NuonField[] = [];
    const value: Record<string, Value> = {};
    for (this.#skip(true); !this.#take('}'); this.#skip(true)) {
      if (this.#at === this.#text.length) throw this.#error('"}" to close the record', undefined, start);
      if (this.#text[this.#at] === '|') throw this.#error('a key; a closure is code, not data');
      const field = this.#field();
      if (Object.hasOwn(value, field.key))
        throw this.#error('each key once', JSON.stringify(field.key), field.keyStart);
      setOwnKey(value, field.key, field.node.value);
      fields.push(field);
    }
    return { value, start, end: this.#at, fields };
  }

  #field(): NuonField {
    const keyStart = this.#at;
    const key = this.#key();
    if (key === undefined) throw this.#error('a key', undefined, keyStart);
    const keyEnd = this.#at;
    this.#skip();
    if (!this.#take(':')) throw this.#error(`":" after the key ${JSON.stringify(key)}`);
    this.#skip();
    return { key, keyStart, keyEnd, node: this.#value(inRecord, true) };
  }

  #key(): string | undefined {
    if (/["'`]/.test(this.#text[this.#at] ?? '')) return this.#string();
    if (this.#text[this.#at] === '$') throw this.#error('a key; NUON has no variables');
    return this.#rawString() ?? this.#match(inRecord);
  }

  #string(): string {
    const start = this.#at;
    const quote = this.#text[start] ?? '';
    let end = this.#text.indexOf(quote, start + 1);
    // Only double quotes know escapes.
    while (quote === '"' && end !== -1 && this.#isEscaped(end)) end = this.#text.indexOf(quote, end + 1);
    if (end === -1) throw this.#error(`a closing ${quote}`, 'the end of the text');
    const content = this.#text.slice(start + 1, end);
    this.#at = end + 1;
    if (quote !== '"' || !content.includes('\\')) return content;
    const resolved = resolveEscapes(content);
    if ('text' in resolved) return resolved.text;
    const at = start + 1 + resolved.badOffset;
    throw this.#error(
      'an escape such as \\n, \\\\, \\" or \\u{1f600}',
      JSON.stringify(this.#text.slice(at, at + 2)),
      at,
    );
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.#text[at - 1 - backslashes] === '\\') backslashes++;
    return backslashes % 2 === 1;
  }

  #rawString(): string | null {
    const start = this.#at;
    const hashes = this.#match(rawOpening);
    if (hashes === undefined) return null;
    const end = this.#text.indexOf(`'${hashes}`, this.#at);
    if (end === -1) throw this.#error(`a closing '${hashes}`, 'the end of the text', start);
    const content = this.#text.slice(this.#at, end);
    this.#at = end + 1 + hashes.length;
    return content;
  }

  #binary(base: string): Uint8Array {
    const start = this.#at;
    const end = this.#text.indexOf(']', start);
    const bytes = end === -1 ? undefined : binary(base, this.#text.slice(start, end));
    if (bytes === undefined) throw this.#error(`bytes in the base that 0${base} names, closed by "]"`);
    this.#at = end + 1;
    return bytes;
  }

  #nested(read: () => NuonNode): NuonNode {
    if (++this.#level > this.#depth) {
      throw new Failure(
        'limit_exceeded',
        `Expected NUON nested at most ${this.#depth} deep, got deeper nesting.`,
        {
          expected: `nesting of at most ${this.#depth}`,
          got: `nesting of ${this.#depth + 1} or more`,
        },
      );
    }
    const node = read();
    this.#level--;
    return this.#ended(node);
  }

  #leaf(start: number, value: Value): NuonNode {
    return this.#ended({ value, start, end: this.#at });
  }

  /** Values stand apart: `"a"b` and `[1][2]` are mistakes, not two values. */
  #ended(node: NuonNode): NuonNode {
    if (/^[^\s,;\]}#]/.test(this.#text.slice(this.#at, this.#at + 1))) {
      throw this.#error('a space or a comma after the value');
    }
    return node;
  }

  /** Skips white space and comments, and commas where values are listed. */
  #skip(commas = false): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === '#') {
        const newline = this.#text.indexOf('\n', this.#at);
        this.#at = newline === -1 ? this.#text.length : newline;
      } else if (
        character !== undefined &&
        (' \t\r\n'.includes(character) || (commas && character === ','))
      ) {
        this.#at++;
      } else {
        return;
      }
    }
  }

  /** Takes what the pattern matches here: its first group, else all of it. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[1] ?? match[0];
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #source(node: NuonNode): string {
    return this.#text.slice(node.start, node.end);
  }

  #error(expected: string, found?: string, at: number = this.#at): Failure {
    const next = this.#text.codePointAt(at);
    const character = next === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(next));
    const got = found === undefined ? character : shortened(found);
    const { line, column } = positionAt(this.#text, at);
    return new Failure(
      'parse_error',
      `Expected ${expected}, got ${got}, at line ${line}, column ${column}.`,
      {
        expected,
        got,
        position: at,
        length: found !== undefined && this.#text.startsWith(found, at) ? found.length : 1,
        line,
        column,
      },
    );
  }
}

function tableRow(columns: readonly NuonColumn[], row: NuonNode): NuonNode {
  const value: Record<string, Value> = {};
  const fields = columns.flatMap((column, index): NuonField[] => {
    const node = row.items?.[index];
    if (node === undefined) return [];
    setOwnKey(value, column.name, node.value);
    return [{ key: column.name, keyStart: column.start, keyEnd: column.end, node }];
  });
  return { value, start: row.start, end: row.end, fields };
}
