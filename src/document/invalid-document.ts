import type { Diagnostic } from '../../protocol/diagnostic.js';
import { excerpt, shortened } from '../kernel/excerpt.js';
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

/** What follows the first few syntax errors is mostly their echo, and each costs a look through the text. */
const mostFindings = 20;

/** The failure `invalid_document` of a text that is not of its format, with the first findings in `diagnostics`. */
export function invalidDocument(source: SourceText, findings: readonly SyntaxFinding[]): Failure {
  const { text, format, path } = source;
  const diagnostics = findings
    .slice(0, mostFindings)
    .map(({ offset, length, message, ...finding }): Diagnostic => {
      const place = placeOf(text, { start: offset, end: offset + length });
      return {
        severity: 'error',
        code: 'invalid-syntax',
        message: shortened(message, 300),
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
