import { displayText } from '../../kernel/value/display.js';
import { setOwnKey } from '../../kernel/value/own-key.js';
import { isList, type Value } from '../../kernel/value/value.js';
import { member, slice } from '../access.js';
import { bool, int, text, wrong } from '../argument.js';
import { arithmetic, textOf } from '../arithmetic.js';
import { equal, identity, order } from '../compare.js';
import type { Filter, Toolbox } from '../filter.js';
import { isTruthy } from '../is-truthy.js';
import { itemsOf } from '../iterate.js';
import { EvaluationFault } from '../problem.js';

const length: Filter = {
  parameters: [],
  apply: (input, _, { budget }) => {
    if (typeof input === 'string') budget.charge(input.length >> 4);
    if (isList(input)) return input.length;
    return itemsOf(input, budget).length;
  },
};

/** Filters of lists. Ranges, records (their keys) and texts (their characters) are taken as lists where that makes sense. */
export const listFilters: Readonly<Record<string, Filter>> = {
  length,
  count: length,
  first: { parameters: [], apply: (input, _, tools) => itemsOf(input, tools.budget)[0] },
  last: { parameters: [], apply: (input, _, tools) => itemsOf(input, tools.budget).at(-1) },
  nth: { parameters: ['n'], apply: (input, [n], tools) => itemsOf(input, tools.budget).at(int(n)) },
  list: { parameters: [], apply: (input, _, tools) => itemsOf(input, tools.budget) },
  reverse: {
    parameters: [],
    apply: (input, _, tools) => {
      const items = [...itemsOf(input, tools.budget)].reverse();
      return typeof input === 'string' ? items.join('') : items;
    },
  },
  join: {
    parameters: ['d|sep?', 'attribute?'],
    apply: (input, [separator, attribute], tools) => join(input, text(separator, ''), attribute, tools),
  },
  sort: {
    parameters: ['reverse?', 'case_sensitive?', 'attribute?'],
    apply: (input, [reverse, caseSensitive, attribute], tools) => {
      const sorted = sortBy(
        itemsOf(input, tools.budget),
        keyReader(attribute, bool(caseSensitive, false), tools),
        tools,
      );
      return bool(reverse, false) ? sorted.reverse() : sorted;
    },
  },
  unique: {
    parameters: ['case_sensitive?', 'attribute?'],
    apply: (input, [caseSensitive, attribute], tools) => {
      const key = keyReader(attribute, bool(caseSensitive, false), tools);
      const seen = new Map<string, Value>();
      for (const item of itemsOf(input, tools.budget)) {
        const mark = identity(key(item), tools.budget);
        if (!seen.has(mark)) seen.set(mark, item);
      }
      return [...seen.values()];
    },
  },
  map: {
    parameters: ['filter'],
    rest: true,
    apply: (input, [filter, ...args], tools) => {
      const name = text(filter);
      return itemsOf(input, tools.budget).map((item) =>
        required(tools.applyFilter(name, item, given(args)), name),
      );
    },
    tera: {
      parameters: ['attribute', 'default?'],
      apply: (input, [attribute, fallback], tools) =>
        itemsOf(input, tools.budget).map((item) => {
          const found = pluck(item, attribute ?? null);
          return required(found ?? fallback, displayText(attribute ?? null));
        }),
    },
  },
  select: selecting(true),
  reject: selecting(false),
  selectattr: selectingAttribute(true),
  rejectattr: selectingAttribute(false),
  /** Tera: the items whose attribute equals the value; without a value, those where it is not null. */
  filter: {
    parameters: ['attribute', 'value?'],
    apply: (input, [attribute, value], tools) =>
      itemsOf(input, tools.budget).filter((item) => {
        const found = pluck(item, attribute ?? null) ?? null;
        return value === undefined ? found !== null : equal(found, value, tools.budget);
      }),
  },
  /** Tera: a record from each value of the attribute, as text, to the items that have it. */
  group_by: {
    parameters: ['attribute'],
    apply: (input, [attribute], tools) => {
      const grouped: Record<string, Value> = {};
      for (const [key, items] of groups(input, attribute, tools).values())
        setOwnKey(grouped, textOf(key, tools.budget), items);
      return grouped;
    },
  },
  /** Jinja2: a list of [value, items], sorted by value. */
  groupby: {
    parameters: ['attribute'],
    apply: (input, [attribute], tools) =>
      sortBy(
        [...groups(input, attribute, tools).values()],
        (pair) => (isList(pair) ? (pair[0] ?? null) : null),
        tools,
      ),
  },
  sum: {
    parameters: ['attribute?', 'start?'],
    apply: (input, [attribute, start], tools) => {
      const values = itemsOf(input, tools.budget).map(keyReader(attribute, true, tools));
      // Without a start the first value is it, so that durations and filesizes have a sum too.
      const first = start ?? values.shift() ?? 0;
      return values.reduce((total, value) => arithmetic('+', total, value, tools.budget), first);
    },
  },
  min: extreme(-1),
  max: extreme(1),
  /** Jinja2: as many lists as asked for, filled one after the other. */
  slice: {
    parameters: ['slices', 'fill_with?'],
    apply: (input, [slices, fill], tools) =>
      columns(itemsOf(input, tools.budget), atLeastOne(slices), fill, tools),
    /** Tera: the items from start up to end. */
    tera: {
      parameters: ['start?', 'end?'],
      apply: (input, [start, end], tools) => slice(input, start, end, undefined, tools.budget),
    },
  },
  batch: {
    parameters: ['linecount|count', 'fill_with?'],
    apply: (input, [count, fill], tools) =>
      rows(itemsOf(input, tools.budget), atLeastOne(count), fill, tools),
  },
  concat: {
    parameters: ['with'],
    apply: (input, [added], tools) => {
      const items = itemsOf(input, tools.budget);
      return isList(added) ? [...items, ...itemsOf(added, tools.budget)] : [...items, added ?? null];
    },
  },
};

/** The value at a path of fields ("network.id") or at an index; undefined when there is none. */
function pluck(item: Value, attribute: Value): Value | undefined {
  if (typeof attribute !== 'string') return member(item, attribute);
  let found: Value | undefined = item;
  for (const key of attribute.split('.')) {
    if (found === undefined) return undefined;
    found = member(found, key);
  }
  return found;
}

/** What an item is sorted, grouped or summed by. */
function keyReader(
  attribute: Value | undefined,
  caseSensitive: boolean,
  tools: Toolbox,
): (item: Value) => Value {
  return (item) => {
    tools.budget.charge(1);
    const named = attribute === undefined || attribute === null ? item : pluck(item, attribute);
    const key = required(named, displayText(attribute ?? null));
    return typeof key === 'string' && !caseSensitive ? key.toLowerCase() : key;
  };
}

function required(value: Value | undefined, name: string): Value {
  if (value !== undefined) return value;
  throw new EvaluationFault(`An item has no value for \`${name}\`.`, {
    expected: `\`${name}\` in every item`,
  });
}

function given(args: readonly (Value | undefined)[]): readonly Value[] {
  return args.map((value) => value ?? null);
}

/** Stable, and each key is read once. */
function sortBy(items: readonly Value[], key: (item: Value) => Value, tools: Toolbox): Value[] {
  tools.budget.charge(items.length * Math.ceil(Math.log2(items.length + 1)));
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => order(a.key, b.key, tools.budget));
  return keyed.map(({ item }) => item);
}

function join(input: Value, separator: string, attribute: Value | undefined, tools: Toolbox): string {
  const items = itemsOf(input, tools.budget);
  let total = separator.length * Math.max(0, items.length - 1);
  const parts = items.map((item) => {
    const part =
      attribute === undefined || attribute === null
        ? item
        : required(pluck(item, attribute), textOf(attribute, tools.budget));
    const written = textOf(part, tools.budget);
    total += written.length;
    return written;
  });
  tools.budget.textLength(total);
  return tools.budget.text(parts.join(separator));
}

function selecting(keep: boolean): Filter {
  return {
    parameters: ['test?'],
    rest: true,
    apply: (input, [test, ...args], tools) =>
      itemsOf(input, tools.budget).filter((item) => passes(item, test, args, tools) === keep),
  };
}

function selectingAttribute(keep: boolean): Filter {
  return {
    parameters: ['attribute', 'test?'],
    rest: true,
    apply: (input, [attribute, test, ...args], tools) =>
      itemsOf(input, tools.budget).filter((item) => {
        const found = pluck(item, attribute ?? null);
        if (found === undefined) return (test === 'undefined') === keep;
        return passes(found, test, args, tools) === keep;
      }),
  };
}

function passes(
  value: Value,
  test: Value | undefined,
  args: readonly (Value | undefined)[],
  tools: Toolbox,
): boolean {
  tools.budget.charge(1);
  return test === undefined ? isTruthy(value) : tools.applyTest(text(test), value, given(args));
}

function groups(
  input: Value,
  attribute: Value | undefined,
  tools: Toolbox,
): ReadonlyMap<string, readonly [Value, readonly Value[]]> {
  const found = new Map<string, readonly [Value, Value[]]>();
  for (const item of itemsOf(input, tools.budget)) {
    const key = pluck(item, attribute ?? null) ?? null;
    if (key === null) continue;
    const mark = identity(key, tools.budget);
    const group = found.get(mark);
    if (group === undefined) found.set(mark, [key, [item]]);
    else group[1].push(item);
  }
  return found;
}

function extreme(direction: 1 | -1): Filter {
  return {
    parameters: ['case_sensitive?', 'attribute?'],
    apply: (input, [caseSensitive, attribute], tools) => {
      const key = keyReader(attribute, bool(caseSensitive, false), tools);
      let best: Value | undefined;
      for (const item of itemsOf(input, tools.budget)) {
        if (best === undefined || order(key(item), key(best), tools.budget) * direction > 0) best = item;
      }
      return best;
    },
  };
}

function atLeastOne(value: Value | undefined): number {
  const count = int(value);
  return count >= 1 ? count : wrong('a count of at least 1', value);
}

function rows(
  items: readonly Value[],
  count: number,
  fill: Value | undefined,
  tools: Toolbox,
): readonly Value[] {
  const all: Value[][] = [];
  for (let at = 0; at < items.length; at += count) all.push(items.slice(at, at + count));
  const last = all.at(-1);
  if (last !== undefined && fill !== undefined) {
    tools.budget.charge(count - last.length);
    while (last.length < count) last.push(fill);
  }
  return all;
}

function columns(
  items: readonly Value[],
  count: number,
  fill: Value | undefined,
  tools: Toolbox,
): readonly Value[] {
  tools.budget.charge(count);
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const from = index * size + Math.min(index, longer);
    const column = items.slice(from, from + size + (index < longer ? 1 : 0));
    return fill !== undefined && longer > 0 && index >= longer ? [...column, fill] : column;
  });
}
