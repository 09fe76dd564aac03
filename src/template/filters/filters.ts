import type { Filter } from '../filter.js';
import { formatFilters } from './format.js';
import { listFilters } from './list.js';
import { numberFilters } from './number.js';
import { recordFilters } from './record.js';
import { textFilters } from './text.js';

/** Every filter by name. */
export const filters: ReadonlyMap<string, Filter> = new Map(
  [textFilters, listFilters, numberFilters, recordFilters, formatFilters].flatMap((table) =>
    Object.entries(table),
  ),
);
