import type { Value } from '../kernel/value/value.js';
import type { PlaceNode } from './place-tree.js';

/** What a reader of one format returns: the value, and on demand where each part of it stands. */
export interface Reading {
  readonly value: Value;
  places(): PlaceNode;
}

/** What a document may cost; a reader throws `limit_exceeded` beyond it. */
export interface ReadingLimits {
  /** Nesting of lists and records. */
  readonly depth: number;
  /** Values that the aliases of a YAML document may add in total. */
  readonly aliases: number;
}
