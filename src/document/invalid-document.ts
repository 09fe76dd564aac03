import type { Diagnostic } from '../../protocol/diagnostic.js';
import { excerpt } from '../kernel/excerpt.js';
import { Failure } from '../kernel/failure.js';
import { placeOf } from './place.js';
import type { SyntaxFinding } from './syntax-error.js';

/** A text that was to be read. */
export interface SourceText {
  readonly text: string;
  /** The name of the format, for the message. */
  readonly format: string;
  /** The file, absolute; null when the text came without one. */
  readonly path: string | null;
}

/** The failure `invalid_document` of a text that is not of its format, with every finding in `diagnostics`. */
export function invalidDocument(source: SourceText, findings: readonly SyntaxFinding[]): Failure {
  const { text, format, path } = source;
  const diagnostics = findings.map(({ offset, length, ...finding }): Diagnostic => {
    const place = placeOf(text, { start: offset, end: offset + length });
    return {
      severity: 'error',
      code: 'invalid-syntax',
      ...finding,
      ...(path === null ? {} : { path }),
      ...place,
      excerpt: excerpt(text, place.line, place.column, place.length),
    };
  });
  const [first] = diagnostics;
  const where = first === undefined ? '' : `, line ${first.line}, column ${first.column}: ${first.message}`;
  const subject = path ?? 'the text';
  return new Failure('invalid_document', `Expected ${format.toUpperCase()} in ${subject}${where}.`, {
    expected: format,
    diagnostics,
  });
}
