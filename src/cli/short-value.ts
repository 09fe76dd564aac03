import { stringifyJson } from '../kernel/value/json.js';
import type { Value } from '../kernel/value/value.js';
import { fitWidth, harmless } from './terminal-text.js';

/** One line that shows a value: text as it is, everything else as JSON, cut to a width in columns. Nothing is empty. */
export function shortValue(value: Value | undefined, columns: number): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : stringifyJson(value);
  // A cell is at most some hundred columns: what is far beyond need not be scanned for widths.
  return fitWidth(
    harmless(text.slice(0, columns * 8))
      .replace(/\s+/g, ' ')
      .trim(),
    columns,
  );
}
