import type { Diagnostic } from '../../protocol/diagnostic.js';
import { excerpt } from '../kernel/excerpt.js';
import type { Value } from '../kernel/value/value.js';
import { invalidDocument } from './invalid-document.js';
import { readJson } from './json.js';
import { defaultLimits } from './limits.js';
import { readNuon } from './nuon.js';
import { type Place, placeOf } from './place.js';
import { findPlace, type PlaceNode, type Span } from './place-tree.js';
import type { Reading, ReadingOptions } from './reading.js';
import { DocumentSyntaxError } from './syntax-error.js';
import { readToml } from './toml.js';
import { valueAt } from './value-at.js';
import { readYaml } from './yaml.js';

export type DocumentFormat = 'toml' | 'json' | 'yaml' | 'nuon';

/** The keys and indexes that lead from the root of a document to a value. */
export type DocumentPath = readonly (string | number)[];

/** What is wrong with a part of a document. */
export interface Finding {
  /** A stable kebab-case name of the rule. */
  readonly code: string;
  readonly message: string;
  readonly severity?: 'error' | 'warning';
  readonly expected?: string;
  readonly got?: string;
  readonly advice?: string;
  /** Whether the key or the value is underlined; the value unless said otherwise. */
  readonly which?: 'key' | 'value';
  /** Narrows the place to a part of a string value, in UTF-16 units of the value. */
  readonly inString?: { readonly offset: number; readonly length: number };
}

/** A structured text: its value, and where each part of the value stands. */
export interface SourceDocument {
  /** The file, absolute; null when the text came without one. */
  readonly path: string | null;
  readonly format: DocumentFormat;
  /** The text without a byte order mark. */
  readonly text: string;
  readonly value: Value;
  /** The place of a key or value, or of its nearest ancestor that is written in the text. */
  place(path: DocumentPath, which?: 'key' | 'value'): Place;
  /**
   * The place of `length` UTF-16 units from `offset` inside the string value at a path; the place of the whole value when
   * the literal has escapes or line breaks before that end, so that offsets cannot be told.
   */
  placeInString(path: DocumentPath, offset: number, length: number): Place;
  /** A finding with file, line, column, excerpt and key filled in. */
  diagnostic(path: DocumentPath, finding: Finding): Diagnostic;
}

const extensions: ReadonlyMap<string, DocumentFormat> = new Map([
  ['toml', 'toml'],
  ['json', 'json'],
  ['jsonc', 'json'],
  ['yaml', 'yaml'],
  ['yml', 'yaml'],
  ['nuon', 'nuon'],
]);

/** The format of a structured text by the extension of its file, in any case of letters; null for any other. */
export function documentFormat(path: string): DocumentFormat | null {
  const extension = /\.([^./]+)$/.exec(path)?.[1];
  return extensions.get(extension?.toLowerCase() ?? '') ?? null;
}

const readers: Record<DocumentFormat, (text: string, options: ReadingOptions) => Reading> = {
  toml: readToml,
  json: readJson,
  yaml: readYaml,
  nuon: readNuon,
};

/**
 * Parses a structured text and keeps what is needed to point into it. Throws `invalid_document` with the first syntax findings
 * in `diagnostics`, and `limit_exceeded` for nesting or aliases beyond the limits.
 */
export function parseDocument(
  source: string,
  format: DocumentFormat,
  path: string | null,
  options: ReadingOptions = defaultLimits,
): SourceDocument {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const reading = read(text, format, path, options);
  let tree: PlaceNode | undefined;
  const root = (): PlaceNode => {
    tree ??= reading.places();
    return tree;
  };

  const place: SourceDocument['place'] = (at, which = 'value') => {
    const { node, exact } = findPlace(root(), at);
    // An ancestor stands in for a missing part: its key says more than its possibly long value.
    const span = which === 'key' || !exact ? (node.key ?? node.value) : node.value;
    return placeOf(text, span);
  };
  const placeInString: SourceDocument['placeInString'] = (at, offset, length) => {
    const { node, exact } = findPlace(root(), at);
    const start = exact ? contentStart(text, node.value, valueAt(reading.value, at), offset + length) : null;
    if (start === null) return place(at);
    return placeOf(text, { start: start + offset, end: start + offset + length });
  };
  return {
    path,
    format,
    text,
    value: reading.value,
    place,
    placeInString,
    diagnostic(at, { which, inString, severity = 'error', ...finding }) {
      const found =
        inString === undefined ? place(at, which) : placeInString(at, inString.offset, inString.length);
      return {
        severity,
        ...finding,
        ...(path === null ? {} : { path }),
        ...found,
        excerpt: excerpt(text, found.line, found.column, found.length),
        ...(at.length === 0 ? {} : { key: keyText(at) }),
      };
    },
  };
}

/** A document path as people write it: `task[2].retry.initial`. */
export function keyText(path: DocumentPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const key = /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

function read(text: string, format: DocumentFormat, path: string | null, options: ReadingOptions): Reading {
  try {
    return readers[format](text, options);
  } catch (error) {
    if (!(error instanceof DocumentSyntaxError)) throw error;
    throw invalidDocument({ text, format, path }, error.findings);
  }
}

/**
 * Where the content of a string literal starts, when its first `needed` units stand in the text as they are in the value;
 * null when escapes, folding or indentation change them. Skips the opening quotes of every format, at most `r###'`.
 */
function contentStart(text: string, span: Span, value: Value | undefined, needed: number): number | null {
  if (typeof value !== 'string') return null;
  const wanted = value.slice(0, needed);
  const opening =
    /^(?:"""\r?\n?|'''\r?\n?|r#{1,8}'|["'`])?/.exec(text.slice(span.start, span.start + 12))?.[0] ?? '';
  const start = span.start + opening.length;
  return start + needed <= span.end && text.startsWith(wanted, start) ? start : null;
}
