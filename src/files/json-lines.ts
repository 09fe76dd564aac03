import { invalidDocument } from '../document/invalid-document.js';
import { Failure } from '../kernel/failure.js';
import { parseJson } from '../kernel/value/json.js';
import type { Value } from '../kernel/value/value.js';

/** Reads one JSON value a line; empty lines are skipped. Throws `invalid_document` at the first line that is no JSON. */
export function readJsonLines(text: string, path: string, depth: number): readonly Value[] {
  const values: Value[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '') values.push(parseLine(line, offset));
    offset += line.length + 1;
  }
  return values;

  function parseLine(line: string, start: number): Value {
    try {
      return parseJson(line, depth);
    } catch (error) {
      if (!(error instanceof Failure) || error.error !== 'parse_error') throw error;
      const { expected = 'JSON', got = 'something else', position } = error.data;
      const finding = {
        message: `Expected ${expected}, got ${got}`,
        offset: start + Number(position),
        length: 1,
      };
      throw invalidDocument({ text, format: 'jsonl', path }, [finding]);
    }
  }
}
