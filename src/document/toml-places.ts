import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { type PlaceNode, placeNode, type Span } from './place-tree.js';

const span = (node: AST.TOMLNode): Span => ({ start: node.range[0], end: node.range[1] });
const name = (key: AST.TOMLBare | AST.TOMLQuoted): string => (key.type === 'TOMLBare' ? key.name : key.value);

/** Where every key and value of a TOML text stands; a bare root when the positions cannot be had. */
export function tomlPlaces(text: string): PlaceNode {
  const root = placeNode({ start: 0, end: text.length });
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: 'latest' });
  } catch (error) {
    // smol-toml accepted the text, so only the places are lost: everything is then reported at the start of the file.
    if (error instanceof ParseError) return root;
    throw error;
  }
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') addKeyValue(root, node);
    else addTable(root, node);
  }
  return root;
}

function addTable(root: PlaceNode, table: AST.TOMLTable): void {
  let at = root;
  let keyIndex = 0;
  for (const step of table.resolvedKey) {
    const key = table.key.keys[typeof step === 'number' ? keyIndex - 1 : keyIndex++];
    at = child(at, step, key === undefined ? span(table) : span(key), span(table));
  }
  // A header that comes later gives an implicit table its own place.
  const last = table.key.keys.at(-1);
  at.value = span(table);
  if (last !== undefined) at.key = span(last);
  for (const pair of table.body) addKeyValue(at, pair);
}

function addKeyValue(parent: PlaceNode, pair: AST.TOMLKeyValue): void {
  let at = parent;
  for (const key of pair.key.keys) at = child(at, name(key), span(key), span(pair));
  addContent(at, pair.value);
}

function addContent(at: PlaceNode, content: AST.TOMLContentNode): void {
  at.value = span(content);
  if (content.type === 'TOMLArray') {
    content.elements.forEach((element, index) => {
      const item = placeNode(span(element));
      at.children.set(index, item);
      addContent(item, element);
    });
  } else if (content.type === 'TOMLInlineTable') {
    for (const pair of content.body) addKeyValue(at, pair);
  }
}

function child(parent: PlaceNode, step: string | number, key: Span, value: Span): PlaceNode {
  const existing = parent.children.get(step);
  if (existing !== undefined) return existing;
  const made = placeNode(value, key);
  parent.children.set(step, made);
  return made;
}
