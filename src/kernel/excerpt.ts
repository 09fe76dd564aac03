/** A position in a text: line and column count from 1, the column in characters (Unicode code points). */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Excerpts show at most this many characters of a line: more would wrap on a terminal. */
const widest = 120;

/** The position of an offset (UTF-16 units, clamped to the text). A line ends at LF; a CR before it belongs to the line. */
export function positionAt(text: string, offset: number): Position {
  const at = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let lineStart = 0;
  for (
    let newline = text.indexOf('\n');
    newline !== -1 && newline < at;
    newline = text.indexOf('\n', lineStart)
  ) {
    line++;
    lineStart = newline + 1;
  }
  return { line, column: characters(text.slice(lineStart, at)) + 1 };
}

/** The number of characters (Unicode code points) of a text. */
export function characters(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) pairs++;
  }
  return text.length - pairs;
}

/**
 * The line of a text and below it a line of carets under `length` characters from `column` (both from 1, in
 * characters). A long line is cut around the place, tabs keep their width, and what could steer a
 * terminal becomes U+FFFD.
 */
export function excerpt(text: string, line: number, column: number, length: number): string {
  const shown = Array.from(lineOf(text, line));
  const from = shown.length > widest && column > widest / 2 ? column - 1 - widest / 2 : 0;
  const window = shown.slice(from, from + widest);
  const before = from > 0 ? '…' : '';
  const after = from + window.length < shown.length ? '…' : '';
  const indent = window.slice(0, column - 1 - from).map((character) => (character === '\t' ? '\t' : ' '));
  const padding = ' '.repeat(Math.max(0, column - 1 - from - indent.length));
  const carets = '^'.repeat(Math.max(1, Math.min(length, window.length - indent.length)));
  const visible = printable(window.join(''));
  return `${before}${visible}${after}\n${before === '' ? '' : ' '}${indent.join('')}${padding}${carets}`;
}

/** The start of a text that may be long, for a message. */
export function shortened(text: string, most = 40): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A line of text with control and direction characters, all but tabs, as U+FFFD: it cannot steer a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === '\t' ? character : '\uFFFD',
  );
}

function lineOf(text: string, line: number): string {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) return '';
    start = newline + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
}
