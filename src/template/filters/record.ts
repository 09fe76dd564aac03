import type { Value } from '../../kernel/value/value.js';
import { member } from '../access.js';
import { bool, record, text, wrong } from '../argument.js';
import { order } from '../compare.js';
import type { Filter } from '../filter.js';
import { pairsOf } from '../iterate.js';

/** Filters of records. */
export const recordFilters: Readonly<Record<string, Filter>> = {
  keys: {
    parameters: [],
    apply: (input, _, tools) => pairsOf(input, tools.budget).map(([key = null]) => key),
  },
  values: {
    parameters: [],
    apply: (input, _, tools) => pairsOf(input, tools.budget).map(([, value = null]) => value),
  },
  items: { parameters: [], apply: (input, _, tools) => pairsOf(input, tools.budget) },
  dictsort: {
    parameters: ['case_sensitive?', 'by?', 'reverse?'],
    apply: (input, [caseSensitive, by, reverse], tools) => {
      const column = text(by, 'key');
      if (column !== 'key' && column !== 'value') wrong('by = "key" or "value"', by);
      const fold = (value: Value): Value =>
        typeof value === 'string' && !bool(caseSensitive, false) ? value.toLowerCase() : value;
      const pick = (pair: readonly Value[]): Value => fold((column === 'key' ? pair[0] : pair[1]) ?? null);
      const sorted = [...pairsOf(input, tools.budget)].sort((a, b) => order(pick(a), pick(b), tools.budget));
      return bool(reverse, false) ? sorted.reverse() : sorted;
    },
  },
  /** A field by a key that is not known beforehand; missing without a default. */
  get: {
    parameters: ['key', 'default?'],
    apply: (input, [key, fallback]) => member(record(input), text(key)) ?? fallback,
  },
};
