import type { Value } from '../kernel/value/value.js';
import type { PlaceNode } from './place-tree.js';

/** What a reader of one format returns: the value, and on demand where each part of it stands. */
export interface Reading {
  readonly value: Value;
  places(): PlaceNode;
}

/** How a document is read, and what it may cost; a reader throws `limit_exceeded` beyond that. */
export interface ReadingOptions {
  /** Nesting of lists and records. */
  readonly depth: number;
  /** Values that the aliases of a YAML document may add in total. */
  readonly aliases: number;
  /**
   * What a local date or date-time of TOML becomes: its text, since it names no instant (the default), or a date in UTC, as
   * Nushell's `open` takes it. A local time is text either way.
   */
  readonly localDates?: 'text' | 'utc';
}
