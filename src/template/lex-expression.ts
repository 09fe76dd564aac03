import { SyntaxFault } from './problem.js';
import type { Token } from './token.js';

const nameStart = /[\p{L}_$]/u;
const wordPattern = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const numberPattern =
  /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)/y;
const indexPattern = /\d+/y;
const operators = ['**', '//', '==', '!=', '<=', '>=', ...'+-*/%~<>=|.,:()[]{}'];
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', f: '\f' };

/** The words of an expression, and the offset where it stopped: at `closer`, or at the end of the text. */
export interface Words {
  readonly tokens: readonly Token[];
  /** Offset of the closer, whitespace sign included; undefined when the text ended first. */
  readonly closedAt: number | undefined;
  readonly failed: SyntaxFault | undefined;
}

/**
 * Reads words from an offset up to `closer` (`}}` or `%}`, a sign before it included) or, without one, to the end. Braces are
 * balanced, so that `{{ {'a': {}} }}` ends where it should.
 */
export function lexExpression(text: string, from: number, closer: string | undefined): Words {
  const tokens: Token[] = [];
  const open: string[] = [];
  let at = from;
  let failed: SyntaxFault | undefined;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    if (closer !== undefined && open.at(-1) !== '}' && closes(text, at, closer)) {
      tokens.push({ kind: 'end', value: '', start: at, end: at });
      return { tokens, closedAt: at, failed };
    }
    try {
      const token = readToken(text, at, tokens.at(-1));
      const wanted = closers[token.value];
      if (token.kind === 'operator' && wanted !== undefined) open.push(wanted);
      else if (token.kind === 'operator' && token.value === open.at(-1)) open.pop();
      tokens.push(token);
      at = token.end;
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      failed ??= error;
      at = error.problem.end;
    }
  }
  tokens.push({ kind: 'end', value: '', start: text.length, end: text.length });
  return { tokens, closedAt: undefined, failed };
}

function closes(text: string, at: number, closer: string): boolean {
  const sign = text.charAt(at);
  return text.startsWith(closer, at) || ((sign === '-' || sign === '+') && text.startsWith(closer, at + 1));
}

function readToken(text: string, at: number, before: Token | undefined): Token {
  const char = text.charAt(at);
  if (char === '"' || char === "'" || char === '`') return readString(text, at, char);
  if (/\d/.test(char)) {
    // After a point digits are an index (`servers.0.1`), never a fraction.
    const afterPoint = before?.kind === 'operator' && before.value === '.' && before.end === at;
    return readNumber(text, at, afterPoint ? indexPattern : numberPattern);
  }
  if (nameStart.test(String.fromCodePoint(text.codePointAt(at) ?? 0))) {
    wordPattern.lastIndex = at;
    const value = wordPattern.exec(text)?.[0] ?? char;
    return { kind: 'name', value, start: at, end: at + value.length };
  }
  const operator = operators.find((candidate) => text.startsWith(candidate, at));
  if (operator !== undefined)
    return { kind: 'operator', value: operator, start: at, end: at + operator.length };
  const span = { start: at, end: at + String.fromCodePoint(text.codePointAt(at) ?? 0).length };
  const got = text.slice(span.start, span.end);
  const advice = { '&': 'Write `and`.', '!': 'Write `not`, or `!=`.', '?': 'Write `a if condition else b`.' }[
    char
  ];
  throw new SyntaxFault(
    'unexpected-character',
    `The character ${JSON.stringify(got)} has no meaning in an expression.`,
    span,
    {
      got,
      ...(advice === undefined ? {} : { advice }),
    },
  );
}

function readNumber(text: string, at: number, pattern: RegExp): Token {
  pattern.lastIndex = at;
  const value = pattern.exec(text)?.[0] ?? text.charAt(at);
  const end = at + value.length;
  wordPattern.lastIndex = end;
  const unit = wordPattern.exec(text)?.[0];
  if (unit === undefined) return { kind: 'number', value: value.replaceAll('_', ''), start: at, end };
  throw new SyntaxFault(
    'invalid-number',
    `\`${value}${unit}\` is no number.`,
    { start: at, end: end + unit.length },
    {
      expected: 'a number such as 42, 1.5 or 1e9',
      got: value + unit,
      advice: 'Pass durations, sizes and dates in the context; text needs quotes.',
    },
  );
}

function readString(text: string, start: number, quote: string): Token {
  let value = '';
  let at = start + 1;
  for (;;) {
    const char = text.charAt(at);
    if (char === '') {
      throw new SyntaxFault(
        'unclosed-string',
        'A string is not closed.',
        { start, end: text.length },
        { expected: quote },
      );
    }
    if (char === quote) return { kind: 'string', value, start, end: at + 1 };
    if (char === '\\' && quote !== '`') {
      const [decoded, length] = readEscape(text, at);
      value += decoded;
      at += length;
    } else {
      value += char;
      at++;
    }
  }
}

/** Unknown escapes stay as they are written, as in Jinja2: "\d" is a backslash and a d. */
function readEscape(text: string, at: number): readonly [string, number] {
  const char = text.charAt(at + 1);
  const simple = Object.hasOwn(escapes, char) ? escapes[char] : undefined;
  if (simple !== undefined) return [simple, 2];
  if (char === '\\' || char === '"' || char === "'" || char === '\n') return [char === '\n' ? '' : char, 2];
  const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\})/.exec(
    text.slice(at + 1, at + 11),
  );
  const point = code === null ? Number.NaN : Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
  if (code !== null && point <= 0x10ffff) return [String.fromCodePoint(point), 1 + code[0].length];
  return ['\\', 1];
}
