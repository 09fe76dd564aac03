import { isRecord, type Value } from '../../kernel/value/value.js';
import { bool, int, text, wrong } from '../argument.js';
import { textOf } from '../arithmetic.js';
import type { Filter, Toolbox } from '../filter.js';
import { pairsOf } from '../iterate.js';

/** Filters from text to text; other values are taken as they are printed. */
export const textFilters: Readonly<Record<string, Filter>> = {
  upper: simple((input) => input.toUpperCase()),
  lower: simple((input) => input.toLowerCase()),
  capitalize: simple(capitalized),
  title: simple((input) => input.replace(/[^\s\-({[<]+/g, capitalized)),
  trim: trimming(true, true),
  trim_start: trimming(true, false),
  trim_end: trimming(false, true),
  replace: {
    parameters: ['old|from', 'new|to', 'count?'],
    apply: (input, [old, replacement, count], tools) =>
      replaced(textOf(input, tools.budget), text(old), textOf(replacement ?? '', tools.budget), count, tools),
  },
  split: {
    parameters: ['pat|sep?', 'maxsplit?'],
    apply: (input, [separator, limit], tools) => split(textOf(input, tools.budget), separator, limit, tools),
  },
  lines: {
    parameters: [],
    apply: (input, _, tools) =>
      split(textOf(input, tools.budget).replace(/\r?\n$/, ''), '\n', undefined, tools),
  },
  indent: {
    parameters: ['width|prefix?', 'first?', 'blank?'],
    apply: (input, [width, first, blank], tools) => {
      const prefix =
        typeof width === 'string' ? width : tools.budget.text(' '.repeat(clamp(int(width, 4), tools)));
      return indented(textOf(input, tools.budget), prefix, bool(first, false), bool(blank, false), tools);
    },
  },
  /** Jinja2: at most `length` characters, the end included, cut at a word. */
  truncate: {
    parameters: ['length?', 'killwords?', 'end?', 'leeway?'],
    apply: (input, [length, killwords, end, leeway], tools) =>
      truncated(
        characters(input, tools),
        int(length, 255),
        bool(killwords, false),
        text(end, '...'),
        int(leeway, 5),
      ),
    /** Tera: the first `length` characters, then the end. */
    tera: {
      parameters: ['length', 'end?'],
      apply: (input, [length, end], tools) => {
        const all = characters(input, tools);
        const kept = Math.max(0, int(length));
        return all.length <= kept
          ? all.join('')
          : tools.budget.text(all.slice(0, kept).join('') + text(end, '…'));
      },
    },
  },
  wordcount: {
    parameters: [],
    apply: (input, _, tools) => textOf(input, tools.budget).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  },
  escape: simple(escaped),
  e: simple(escaped),
  /** Nothing is escaped by itself, so there is nothing to protect: the value passes as it is. */
  safe: { parameters: [], apply: (input) => input },
  urlencode: { parameters: [], apply: (input, _, tools) => urlEncoded(input, tools) },
  urlencode_strict: simple(percentEncoded),
};

function simple(change: (input: string) => string): Filter {
  return {
    parameters: [],
    apply: (input, _, tools) => tools.budget.text(change(textOf(input, tools.budget))),
  };
}

function clamp(count: number, tools: Toolbox): number {
  const wanted = Math.max(0, count);
  tools.budget.textLength(wanted);
  return wanted;
}

function capitalized(word: string): string {
  const [first = ''] = word;
  return first.toUpperCase() + word.slice(first.length).toLowerCase();
}

/** Strips white space, or the characters of the argument. */
function trimming(atStart: boolean, atEnd: boolean): Filter {
  return {
    parameters: ['chars|pat?'],
    apply: (input, [chars], tools) => {
      const whole = textOf(input, tools.budget);
      if (chars === undefined || chars === null) {
        const started = atStart ? whole.trimStart() : whole;
        return atEnd ? started.trimEnd() : started;
      }
      const strip = new Set(text(chars));
      const all = Array.from(whole);
      tools.budget.charge(all.length);
      let from = 0;
      let to = all.length;
      while (atStart && from < to && strip.has(all[from] ?? '')) from++;
      while (atEnd && to > from && strip.has(all[to - 1] ?? '')) to--;
      return all.slice(from, to).join('');
    },
  };
}

function replaced(
  whole: string,
  old: string,
  replacement: string,
  count: Value | undefined,
  tools: Toolbox,
): string {
  const limit = count === undefined || count === null ? Number.POSITIVE_INFINITY : Math.max(0, int(count));
  const parts = cut(whole, old, limit, tools);
  tools.budget.textLength(whole.length + (parts.length - 1) * Math.max(0, replacement.length - old.length));
  return tools.budget.text(parts.join(replacement));
}

/** The pieces between the first `limit` separators; an empty separator lies before every character and at the end. */
function cut(whole: string, separator: string, limit: number, tools: Toolbox): readonly string[] {
  tools.budget.search(whole, separator);
  if (separator === '') {
    tools.budget.charge(whole.length);
    const all = ['', ...whole, ''];
    const end = Math.min(limit, all.length - 1);
    return [...all.slice(0, end), all.slice(end).join('')];
  }
  const parts: string[] = [];
  let from = 0;
  for (
    let at = whole.indexOf(separator);
    at !== -1 && parts.length < limit;
    at = whole.indexOf(separator, from)
  ) {
    tools.budget.charge(1);
    parts.push(whole.slice(from, at));
    from = at + separator.length;
  }
  parts.push(whole.slice(from));
  return parts;
}

function split(
  whole: string,
  separator: Value | undefined,
  limit: Value | undefined,
  tools: Toolbox,
): readonly string[] {
  const most = limit === undefined || limit === null ? Number.POSITIVE_INFINITY : Math.max(0, int(limit));
  if (separator !== undefined && separator !== null) {
    if (text(separator) === '') wrong('a separator that is not empty', separator);
    return cut(whole, text(separator), most, tools);
  }
  tools.budget.charge(whole.length >> 1);
  const words = whole.trim() === '' ? [] : whole.trim().split(/\s+/);
  if (words.length <= most + 1) return words;
  return [...words.slice(0, most), words.slice(most).join(' ')];
}

function indented(whole: string, prefix: string, first: boolean, blank: boolean, tools: Toolbox): string {
  const lines = cut(whole, '\n', Number.POSITIVE_INFINITY, tools);
  tools.budget.textLength(whole.length + lines.length * prefix.length);
  const changed = lines.map((line, index) => {
    const wanted = index === 0 ? first : blank || line !== '';
    return wanted ? prefix + line : line;
  });
  return tools.budget.text(changed.join('\n'));
}

function characters(input: Value, tools: Toolbox): readonly string[] {
  const whole = textOf(input, tools.budget);
  tools.budget.charge(whole.length >> 2);
  return Array.from(whole);
}

function truncated(
  all: readonly string[],
  length: number,
  killwords: boolean,
  end: string,
  leeway: number,
): string {
  const room = length - Array.from(end).length;
  if (room < 0) wrong(`a length of at least ${Array.from(end).length}, that of the end`, length);
  if (all.length <= length + leeway) return all.join('');
  const kept = all.slice(0, room).join('');
  const space = kept.lastIndexOf(' ');
  return (killwords || space === -1 ? kept : kept.slice(0, space)) + end;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escaped(input: string): string {
  return input.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** RFC 3986: everything but letters, digits and `-._~`. Halves of a surrogate pair become U+FFFD first. */
function percentEncoded(input: string): string {
  const hex = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(Buffer.from(input).toString()).replace(/[!'()*]/g, hex);
}

/** A text keeps its slashes; a record becomes `key=value&…`. */
function urlEncoded(input: Value, tools: Toolbox): string {
  const { budget } = tools;
  if (!isRecord(input)) return budget.text(percentEncoded(textOf(input, budget)).replaceAll('%2F', '/'));
  const pairs = pairsOf(input, budget).map((pair) =>
    pair.map((part) => percentEncoded(textOf(part, budget))).join('='),
  );
  return budget.text(pairs.join('&'));
}
