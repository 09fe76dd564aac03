/** A half-open stretch of the source text, in UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a value, and its key if it has one, stand in the source; children by key or index. */
export interface PlaceNode {
  key: Span | null;
  value: Span;
  readonly children: Map<string | number, PlaceNode>;
}

/** Makes a node without children. */
export function placeNode(value: Span, key: Span | null = null): PlaceNode {
  return { key, value, children: new Map() };
}

/** The node at a path, or its nearest ancestor that exists; `exact` tells which. */
export function findPlace(
  root: PlaceNode,
  path: readonly (string | number)[],
): { readonly node: PlaceNode; readonly exact: boolean } {
  let node = root;
  for (const step of path) {
    const child = node.children.get(step);
    if (child === undefined) return { node, exact: false };
    node = child;
  }
  return { node, exact: true };
}
