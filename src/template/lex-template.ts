import { lexExpression } from './lex-expression.js';
import { type Problem, SyntaxFault } from './problem.js';
import type { Segment } from './token.js';

/** What a text may contain: a template all tags, a site of a workflow file only `{{ … }}`. */
export type Dialect = 'template' | 'site';

export interface Lexed {
  readonly segments: readonly Segment[];
  readonly problems: readonly Problem[];
}

const openers: Readonly<Record<Dialect, RegExp>> = { template: /\{[{%#]/g, site: /\{\{/g };

/**
 * Cuts a text into literal pieces and tags. A `-` beside a delimiter strips the white space on that side, line breaks
 * included; a `+` is accepted and changes nothing, since nothing is stripped by itself: trim_blocks and lstrip_blocks are off,
 * as by default in Jinja2, and the line break at the end of a template is kept, as in Tera.
 */
export function lexTemplate(text: string, dialect: Dialect): Lexed {
  const segments: Segment[] = [];
  const problems: Problem[] = [];
  let at = 0;
  let strip = false;

  const addText = (start: number, end: number, stripEnd: boolean): void => {
    let piece = text.slice(start, end);
    if (strip) piece = piece.trimStart();
    if (stripEnd) piece = piece.trimEnd();
    if (piece !== '') segments.push({ kind: 'text', text: piece, start, end });
  };

  while (at < text.length) {
    const opener = openers[dialect];
    opener.lastIndex = at;
    const found = opener.exec(text);
    if (found === null) {
      addText(at, text.length, false);
      break;
    }
    const start = found.index;
    const sign = text.charAt(start + 2);
    addText(at, start, sign === '-');
    const inside = start + (sign === '-' || sign === '+' ? 3 : 2);
    const tag =
      found[0] === '{#'
        ? readComment(text, start, inside)
        : (found[0] === '{%' && readRaw(text, start, inside)) || readTag(text, start, inside, found[0]);
    problems.push(...tag.problems);
    segments.push(...tag.segments);
    at = tag.end;
    strip = tag.stripAfter;
  }
  return { segments, problems };
}

interface Tag {
  readonly segments: readonly Segment[];
  readonly problems: readonly Problem[];
  readonly end: number;
  readonly stripAfter: boolean;
}

function readComment(text: string, start: number, inside: number): Tag {
  const close = text.indexOf('#}', inside);
  if (close === -1) {
    const problem = unclosed('A comment is not closed.', start, inside, '#}');
    return { segments: [], problems: [problem], end: text.length, stripAfter: false };
  }
  const stripAfter = close > inside && text.charAt(close - 1) === '-';
  return { segments: [], problems: [], end: close + 2, stripAfter };
}

const rawOpen = /\s*raw\s*([-+]?)%\}/y;
const rawClose = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

/** A `{% raw %}` block whole; undefined when the tag is another. */
function readRaw(text: string, start: number, inside: number): Tag | undefined {
  rawOpen.lastIndex = inside;
  const open = rawOpen.exec(text);
  if (open === null) return undefined;
  const from = rawOpen.lastIndex;
  rawClose.lastIndex = from;
  const close = rawClose.exec(text);
  if (close === null) {
    const problem = unclosed('A raw block is not closed.', start, from, '{% endraw %}');
    return { segments: [], problems: [problem], end: text.length, stripAfter: false };
  }
  let raw = text.slice(from, close.index);
  if (open[1] === '-') raw = raw.trimStart();
  if (close[1] === '-') raw = raw.trimEnd();
  const segments: Segment[] = raw === '' ? [] : [{ kind: 'text', text: raw, start: from, end: close.index }];
  return { segments, problems: [], end: rawClose.lastIndex, stripAfter: close[2] === '-' };
}

function readTag(text: string, start: number, inside: number, opener: string): Tag {
  const closer = opener === '{{' ? '}}' : '%}';
  const words = lexExpression(text, inside, closer);
  const kind = opener === '{{' ? 'output' : 'block';
  if (words.closedAt === undefined) {
    const what = kind === 'output' ? 'An expression' : 'A tag';
    const problem = words.failed?.problem ?? unclosed(`${what} is not closed.`, start, inside, closer);
    return { segments: [], problems: [problem], end: text.length, stripAfter: false };
  }
  const signed = !text.startsWith(closer, words.closedAt);
  const end = words.closedAt + (signed ? 3 : 2);
  const broken = words.failed !== undefined;
  return {
    segments: [{ kind, tokens: words.tokens, start, end, broken }],
    problems: words.failed === undefined ? [] : [words.failed.problem],
    end,
    stripAfter: signed && text.charAt(words.closedAt) === '-',
  };
}

function unclosed(message: string, start: number, end: number, expected: string): Problem {
  return new SyntaxFault('unclosed-tag', message, { start, end }, { expected }).problem;
}
