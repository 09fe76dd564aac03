import { type Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import { type PlaceNode, placeNode, type Span } from './place-tree.js';

/** Where every key and value of the documents stands; several documents are the items of a list, as in the value. */
export function yamlPlaces(documents: readonly Document.Parsed[], length: number): PlaceNode {
  const whole = { start: 0, end: length };
  const [first] = documents;
  if (documents.length <= 1) return places(first?.contents ?? null, whole, null);
  const root = placeNode(whole);
  documents.forEach((document, index) => {
    root.children.set(index, places(document.contents, whole, null));
  });
  return root;
}

function spanOf(node: Node, fallback: Span): Span {
  return node.range ? { start: node.range[0], end: node.range[1] } : fallback;
}

function places(node: Node | null, fallback: Span, key: Span | null): PlaceNode {
  if (node === null) return placeNode(fallback, key);
  const place = placeNode(spanOf(node, fallback), key);
  if (isSeq<Node | null>(node)) {
    node.items.forEach((item, index) => {
      place.children.set(index, places(item, place.value, null));
    });
  } else if (isMap<Node, Node | null>(node)) {
    for (const { key: name, value } of node.items) {
      if (!isScalar(name)) continue;
      const keySpan = spanOf(name, place.value);
      place.children.set(String(name.value), places(value, keySpan, keySpan));
    }
  }
  return place;
}
