import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { Failure } from '../kernel/failure.js';
import { parseJson } from '../kernel/value/json.js';
import { jsonDepthExceeds } from '../kernel/value/json-scan.js';
import { setOwnKey } from '../kernel/value/own-key.js';
import type { Value } from '../kernel/value/value.js';
import { tooDeep } from './limits.js';
import { type PlaceNode, placeNode, type Span } from './place-tree.js';
import type { Reading, ReadingOptions } from './reading.js';
import { DocumentSyntaxError } from './syntax-error.js';

/** Reads JSON, with comments and trailing commas as editors allow them (JSONC). Numbers are exact, as in `parseJson`. */
export function readJson(text: string, limits: ReadingOptions): Reading {
  // jsonc-parser recurses: the depth is checked first, without recursion.
  if (jsonDepthExceeds(text, limits.depth)) throw tooDeep(limits.depth);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0) {
    const found = errors.length > 0 ? errors : [{ error: 4, offset: text.length, length: 1 }];
    throw new DocumentSyntaxError(
      found.map(({ error, offset, length }) => ({
        message: sentence(printParseErrorCode(error)),
        offset,
        length,
      })),
    );
  }
  return { value: toValue(root, text), places: () => toPlaces(root, null) };
}

/** "CommaExpected" → "Comma expected". */
function sentence(code: string): string {
  const words = code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const span = (node: Node): Span => ({ start: node.offset, end: node.offset + node.length });

function toValue(node: Node, text: string): Value {
  if (node.type === 'array') return (node.children ?? []).map((item) => toValue(item, text));
  if (node.type === 'object') {
    const record: Record<string, Value> = {};
    for (const { children } of node.children ?? []) {
      const [key, value] = children ?? [];
      if (key !== undefined && value !== undefined)
        setOwnKey(record, String(key.value), toValue(value, text));
    }
    return record;
  }
  return scalar(node, text);
}

/** A scalar from its own text, so that the codec decides about numbers. */
function scalar(node: Node, text: string): Value {
  try {
    return parseJson(text.slice(node.offset, node.offset + node.length));
  } catch (error) {
    if (!(error instanceof Failure) || error.error !== 'parse_error') throw error;
    const { expected = 'a value', got = 'something else' } = error.data;
    throw new DocumentSyntaxError([
      { message: `Expected ${expected}, got ${got}`, offset: node.offset, length: node.length },
    ]);
  }
}

function toPlaces(node: Node, key: Span | null): PlaceNode {
  const place = placeNode(span(node), key);
  (node.children ?? []).forEach((child, index) => {
    if (child.type !== 'property') {
      place.children.set(index, toPlaces(child, null));
      return;
    }
    const [name, value] = child.children ?? [];
    if (name !== undefined && value !== undefined) {
      place.children.set(String(name.value), toPlaces(value, span(name)));
    }
  });
  return place;
}
