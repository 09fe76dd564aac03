import type { Diagnostic } from '../../../protocol/diagnostic.js';
import type { DocumentPath, SourceDocument } from '../../document/document.js';

/**
 * Moves a finding about a string (an expression, a snippet), whose line and column count from the start of that string, to its
 * place in the document.
 */
export function embeddedFinding(
  document: SourceDocument,
  path: DocumentPath,
  text: string,
  inner: Diagnostic,
): Diagnostic {
  const { severity, code, message, expected, got, advice } = inner;
  return document.diagnostic(path, {
    severity,
    code,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(got === undefined ? {} : { got }),
    ...(advice === undefined ? {} : { advice }),
    inString: { offset: offsetOf(text, inner.line ?? 1, inner.column ?? 1), length: inner.length ?? 1 },
  });
}

/** The UTF-16 offset of a line and a column (in characters, both from 1). */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) break;
    start = newline + 1;
  }
  const before = Array.from(text.slice(start))
    .slice(0, column - 1)
    .join('');
  return start + before.length;
}
