import { CsvError, parse } from 'csv-parse/sync';
import { invalidDocument } from '../document/invalid-document.js';
import type { SyntaxFinding } from '../document/syntax-error.js';
import { exactInteger } from '../kernel/value/exact-integer.js';
import { setOwnKey } from '../kernel/value/own-key.js';
import { Float, type Value, type ValueRecord } from '../kernel/value/value.js';

/**
 * Reads values separated by a comma or tab below a header, as Nushell's `from csv` does: a cell that reads as an integer or
 * a float is one, quoted or not, everything else is a string; empty lines are skipped, rows of another length are refused.
 * Integers are exact beyond 64 bits too. Two columns of one name are refused, since a record holds only one of them.
 */
export function readDelimited(
  text: string,
  source: { readonly format: 'csv' | 'tsv'; readonly path: string },
): readonly ValueRecord[] {
  const fail = (finding: SyntaxFinding) => invalidDocument({ text, ...source }, [finding]);
  const [header = [], ...rows] = parseRows(text, source.format === 'tsv' ? '\t' : ',', fail);
  const columns = new Set<string>();
  for (const name of header) {
    if (columns.has(name)) {
      throw fail({
        message: `Expected each column once, got ${JSON.stringify(name)} twice`,
        offset: 0,
        length: text.search(/[\r\n]|$/),
        advice: 'Rename one of the columns, or load the file raw.',
      });
    }
    columns.add(name);
  }
  return rows.map((row) => {
    const record: Record<string, Value> = {};
    row.forEach((cell, index) => {
      setOwnKey(record, header[index] ?? '', cellValue(cell));
    });
    return record;
  });
}

function parseRows(text: string, delimiter: string, fail: (finding: SyntaxFinding) => Error): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_quotes: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const offset = lineOffset(text, Number(error['lines'] ?? 1));
    const end = text.indexOf('\n', offset);
    throw fail({ message: error.message, offset, length: (end === -1 ? text.length : end) - offset });
  }
}

/** The offset at which a line (from 1) starts. */
function lineOffset(text: string, line: number): number {
  let offset = 0;
  for (let current = 1; current < line; current++) {
    const newline = text.indexOf('\n', offset);
    if (newline === -1) break;
    offset = newline + 1;
  }
  return offset;
}

function cellValue(cell: string): Value {
  if (/^[+-]?\d+$/.test(cell)) return exactInteger(cell.replace(/^\+/, '')) ?? cell;
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(cell)) {
    const value = Number(cell);
    return Number.isInteger(value) ? new Float(value) : value;
  }
  if (/^[+-]?nan$/i.test(cell)) return Number.NaN;
  if (!/^[+-]?inf(?:inity)?$/i.test(cell)) return cell;
  return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
