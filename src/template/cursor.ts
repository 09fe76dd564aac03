import { SyntaxFault } from './problem.js';
import type { Span } from './syntax.js';
import type { Token } from './token.js';

/** Reads the words of one tag from left to right. */
export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;

  /** `end` is where a message points when a word is missing. */
  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = tokens.at(-1) ?? { kind: 'end', value: '', start: end, end };
  }

  get current(): Token {
    return this.#tokens[this.#at] ?? this.#end;
  }

  get next(): Token {
    return this.#tokens[this.#at + 1] ?? this.#end;
  }

  /** The end of the word before the current one. */
  get behind(): number {
    return this.#tokens[this.#at - 1]?.end ?? this.current.start;
  }

  take(): Token {
    const token = this.current;
    this.#at++;
    return token;
  }

  is(kind: 'name' | 'operator', value: string): boolean {
    return this.current.kind === kind && this.current.value === value;
  }

  /** Takes the word if it is the one asked for. */
  skip(kind: 'name' | 'operator', value: string): boolean {
    if (!this.is(kind, value)) return false;
    this.#at++;
    return true;
  }

  expect(kind: 'name' | 'operator', value: string): Token {
    if (this.is(kind, value)) return this.take();
    throw this.unexpected(`\`${value}\``);
  }

  expectName(what: string): Token {
    if (this.current.kind === 'name') return this.take();
    throw this.unexpected(what);
  }

  /** Throws when words are left over. */
  expectEnd(): void {
    if (this.current.kind !== 'end') throw this.unexpected('the end of the tag');
  }

  unexpected(expected: string, advice?: string): SyntaxFault {
    const token = this.current;
    const got = token.kind === 'end' ? 'the end of the tag' : `\`${describe(token)}\``;
    const span: Span = token.kind === 'end' ? { start: token.start, end: token.start + 1 } : token;
    return new SyntaxFault('syntax', `Expected ${expected}, got ${got}.`, span, {
      expected,
      got,
      ...(advice === undefined ? {} : { advice }),
    });
  }
}

function describe(token: Token): string {
  return token.kind === 'string' ? JSON.stringify(token.value) : token.value;
}
