import { Failure } from '../kernel/failure.js';
import { type NuonNode, NuonReader } from '../kernel/value/nuon-reader.js';
import { type PlaceNode, placeNode, type Span } from './place-tree.js';
import type { Reading, ReadingOptions } from './reading.js';
import { DocumentSyntaxError } from './syntax-error.js';

/** Reads NUON as `from nuon` does. */
export function readNuon(text: string, limits: ReadingOptions): Reading {
  const root = parse(text, limits.depth);
  return { value: root.value, places: () => places(root, null) };
}

function parse(text: string, depth: number): NuonNode {
  try {
    return new NuonReader(text, depth).document();
  } catch (error) {
    if (!(error instanceof Failure) || error.error !== 'parse_error') throw error;
    const { expected = 'NUON', got = 'something else', position, length } = error.data;
    throw new DocumentSyntaxError([
      { message: `Expected ${expected}, got ${got}`, offset: Number(position), length: Number(length) },
    ]);
  }
}

function places(node: NuonNode, key: Span | null): PlaceNode {
  const place = placeNode({ start: node.start, end: node.end }, key);
  node.items?.forEach((item, index) => {
    place.children.set(index, places(item, null));
  });
  for (const field of node.fields ?? []) {
    place.children.set(field.key, places(field.node, { start: field.keyStart, end: field.keyEnd }));
  }
  return place;
}
