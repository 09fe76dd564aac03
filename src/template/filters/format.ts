import { displayText } from '../../kernel/value/display.js';
import { stringifyJson } from '../../kernel/value/json.js';
import { stringifyNuon } from '../../kernel/value/nuon.js';
import { DateTime, isList, isRecord, type Value } from '../../kernel/value/value.js';
import { bool, int, text, wrong } from '../argument.js';
import { textOf } from '../arithmetic.js';
import { formatDate } from '../date-format.js';
import type { Filter, Toolbox } from '../filter.js';
import { type Instant, instantOf, parseInstant, parseOffset } from '../instant.js';
import { isTruthy } from '../is-truthy.js';
import { nushellDate } from '../nushell-date.js';

/** Filters that write a value in another form, and `default`. */
export const formatFilters: Readonly<Record<string, Filter>> = {
  default: fallbackFilter(),
  d: fallbackFilter(),
  string: { parameters: [], apply: (input, _, tools) => textOf(input, tools.budget) },
  /** JSON with every integer exact; nothing is escaped beyond what JSON needs. */
  tojson: {
    parameters: ['indent?'],
    apply: (input, [indent], tools) =>
      json(
        input,
        indent === undefined || indent === null ? undefined : indent === true ? 2 : int(indent),
        tools,
      ),
  },
  json_encode: {
    parameters: ['pretty?'],
    apply: (input, [pretty], tools) => json(input, bool(pretty, false) ? 2 : undefined, tools),
  },
  nuon: {
    parameters: [],
    apply: (input, _, { budget }) => {
      budget.textLength(budget.weigh(input));
      return budget.text(stringifyNuon(input));
    },
  },
  /** Nushell's own text form: as printed, but for dates, where it is "Fri, 2 Jan 2026 … (10 months ago)". */
  nu: {
    parameters: ['fixed?'],
    apply: (input, [fixed], tools) => {
      tools.budget.textLength(tools.budget.weigh(input));
      return tools.budget.text(nushellText(input, bool(fixed, false), tools));
    },
  },
  date: {
    parameters: ['format?', 'timezone?'],
    apply: (input, [format, timezone]) => {
      const instant = momentOf(input);
      const offset = timezone === undefined ? instant.offset : parseOffset(text(timezone));
      if (offset === undefined) return wrong('a timezone such as "UTC" or "+02:00"', timezone);
      return formatDate({ nanoseconds: instant.nanoseconds, offset }, text(format, '%Y-%m-%d'));
    },
  },
};

function fallbackFilter(): Filter {
  return {
    parameters: ['value|default_value?', 'boolean?'],
    // Only `map('default', …)` comes here: a filter in the text is compiled so that it sees what is missing.
    apply: (input, [value, boolean]) => (bool(boolean, false) && !isTruthy(input) ? (value ?? '') : input),
  };
}

function json(input: Value, indent: number | undefined, { budget }: Toolbox): string {
  if (indent !== undefined && (indent < 0 || indent > 16)) wrong('an indent from 0 to 16', indent);
  budget.textLength(budget.weigh(input));
  return budget.text(indent === undefined ? stringifyJson(input) : stringifyJson(input, indent));
}

/** The moment of a date, of RFC 3339 text, or of seconds since 1970. */
function momentOf(input: Value): Instant {
  if (input instanceof DateTime) return instantOf(input);
  if (typeof input === 'number' && Number.isSafeInteger(input))
    return { nanoseconds: BigInt(input) * 1_000_000_000n, offset: 0 };
  const parsed = typeof input === 'string' ? parseInstant(input) : undefined;
  return parsed ?? wrong('a date, RFC 3339 text or seconds since 1970', input);
}

function nushellText(value: Value, fixed: boolean, tools: Toolbox): string {
  if (value instanceof DateTime) return nushellDate(instantOf(value), fixed ? undefined : tools.now());
  if (isList(value)) return `[${value.map((item) => nushellText(item, fixed, tools)).join(', ')}]`;
  if (!isRecord(value)) return displayText(value);
  const fields = Object.entries(value).map(([key, item]) => `${key}: ${nushellText(item, fixed, tools)}`);
  return `{${fields.join(', ')}}`;
}
