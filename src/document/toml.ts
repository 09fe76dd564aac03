import { parse, TomlDate, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import { ParseError, parseTOML } from 'toml-eslint-parser';
import { parseDate } from '../kernel/value/date-text.js';
import { setOwnKey } from '../kernel/value/own-key.js';
import { Float, type Value } from '../kernel/value/value.js';
import { tooDeep } from './limits.js';
import { findPlace, type PlaceNode } from './place-tree.js';
import type { Reading, ReadingOptions } from './reading.js';
import { DocumentSyntaxError, type SyntaxFinding } from './syntax-error.js';
import { tomlPlaces } from './toml-places.js';

/**
 * Reads TOML 1.0, and of 1.1 what smol-toml knows. Integers are exact, floats stay floats, an offset date-time becomes a
 * date.
 */
export function readToml(text: string, options: ReadingOptions): Reading {
  let tree: PlaceNode | undefined;
  const places = (): PlaceNode => {
    tree ??= tomlPlaces(text);
    return tree;
  };
  const table = parseTable(text, options.depth);

  const toValue = (value: TomlValue, path: readonly (string | number)[]): Value => {
    if (path.length > options.depth) throw tooDeep(options.depth);
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (typeof value === 'number') return Number.isInteger(value) ? new Float(value) : value;
    if (value instanceof TomlDate) return toDate(value, path);
    if (Array.isArray(value)) return value.map((item, index) => toValue(item, [...path, index]));
    const record: Record<string, Value> = {};
    for (const [key, item] of Object.entries(value)) setOwnKey(record, key, toValue(item, [...path, key]));
    return record;
  };
  const toDate = (date: TomlDate, path: readonly (string | number)[]): Value => {
    // smol-toml keeps milliseconds of a date only: the source text has every digit.
    const { node, exact } = findPlace(places(), path);
    const written = exact ? text.slice(node.value.start, node.value.end) : date.toISOString();
    if (date.isTime() || (date.isLocal() && options.localDates !== 'utc')) return written;
    return parseDate(written) ?? written;
  };

  return { value: toValue(table, []), places };
}

function parseTable(text: string, depth: number): TomlTable {
  try {
    // TOML lets a reader normalise the line ends inside multi-line strings; Nushell's does.
    return parse(text.replaceAll('\r\n', '\n'), { integersAsBigInt: true, maxDepth: depth });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = /^Invalid TOML document: (.*)/.exec(error.message)?.[1] ?? 'invalid TOML';
    if (reason.includes('excessively nested')) throw tooDeep(depth);
    throw new DocumentSyntaxError([findingOf(text, reason, error)]);
  }
}

function findingOf(text: string, reason: string, error: TomlError): SyntaxFinding {
  try {
    parseTOML(text);
  } catch (second) {
    // The other parser names the place inside a value, and says it in plainer words; but it may notice lines later.
    if (second instanceof ParseError && second.lineNumber === error.line) {
      return { message: second.message, offset: second.index, length: 1 };
    }
  }
  const lines = text.split('\n').slice(0, error.line - 1);
  const lineStart = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const message = reason.charAt(0).toUpperCase() + reason.slice(1);
  return { message, offset: lineStart + error.column - 1, length: 1 };
}
