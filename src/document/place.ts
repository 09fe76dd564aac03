import { characters, positionAt } from '../kernel/excerpt.js';
import type { Span } from './place-tree.js';

/** A stretch of one line; line and column count from 1, column and length are in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A span as a place: cut at the end of its first line, at least one character long. */
export function placeOf(text: string, span: Span): Place {
  const newline = text.indexOf('\n', span.start);
  const end = newline === -1 ? span.end : Math.min(span.end, newline);
  const length = characters(text.slice(span.start, end).trimEnd());
  return { ...positionAt(text, span.start), length: Math.max(1, length) };
}
