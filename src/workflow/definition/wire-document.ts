import { keyText, type SourceDocument } from '../../document/document.js';
import type { Value } from '../../kernel/value/value.js';

/**
 * A document for a definition that came as a value, not as text: its findings name the key, and no line, column or excerpt,
 * since their author never saw a text.
 */
export function wireDocument(value: Value): SourceDocument {
  const place = { line: 1, column: 1, length: 1 };
  return {
    path: null,
    format: 'json',
    text: '',
    value,
    place: () => place,
    placeInString: () => place,
    diagnostic: (at, { which: _which, inString: _inString, severity = 'error', ...finding }) => ({
      severity,
      ...finding,
      ...(at.length === 0 ? {} : { key: keyText(at) }),
    }),
  };
}
