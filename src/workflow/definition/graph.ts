/** A node and the ids it needs. Ids that are no node are ignored; so is a need of oneself. */
export interface GraphNode {
  readonly id: string;
  readonly needs: readonly string[];
}

/** The graph of needs by position in the list, so that every algorithm is linear in nodes and edges. */
export interface Graph {
  readonly ids: readonly string[];
  readonly indexes: ReadonlyMap<string, number>;
  /** For each node the positions of what it needs, each once. */
  readonly needs: readonly (readonly number[])[];
}

/** Builds the graph. Of two nodes with one id the first is meant. */
export function buildGraph(nodes: readonly GraphNode[]): Graph {
  const indexes = new Map<string, number>();
  nodes.forEach((node, index) => {
    if (!indexes.has(node.id)) indexes.set(node.id, index);
  });
  const needs = nodes.map((node, index) => {
    const found = new Set<number>();
    for (const need of node.needs) {
      const other = indexes.get(need);
      if (other !== undefined && other !== index) found.add(other);
    }
    return [...found];
  });
  return { ids: nodes.map((node) => node.id), indexes, needs };
}

/**
 * Finds cycles: at least one in every knot of nodes that need each other, and none that shares a node with another. Each is the
 * list of ids in the order "needs", the first repeated at the end: `['a', 'b', 'a']`.
 */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const state = new Uint8Array(graph.ids.length); // 0 unseen, 1 on the path, 2 done
  const reported = new Set<number>();
  const cycles: string[][] = [];
  for (let start = 0; start < graph.ids.length; start++) {
    if (state[start] !== 0) continue;
    // An explicit stack: a chain of 10,000 tasks would overflow a recursive walk.
    const path: { readonly node: number; next: number }[] = [{ node: start, next: 0 }];
    state[start] = 1;
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const need = graph.needs[top.node]?.[top.next++];
      if (need === undefined) {
        state[top.node] = 2;
        path.pop();
      } else if (state[need] === 0) {
        state[need] = 1;
        path.push({ node: need, next: 0 });
      } else if (state[need] === 1) {
        const cycle = path.slice(path.findIndex((step) => step.node === need)).map((step) => step.node);
        if (cycle.some((node) => reported.has(node))) continue;
        for (const node of cycle) reported.add(node);
        cycles.push([...cycle, need].map((node) => graph.ids[node] ?? ''));
      }
    }
  }
  return cycles;
}

/**
 * The level of each node: 0 without needs, else one more than its highest need. Null when the graph has a cycle. Also the
 * order in which every node comes after its needs.
 */
export function topologicalLevels(
  graph: Graph,
): { readonly levels: readonly number[]; readonly order: readonly number[] } | null {
  const count = graph.ids.length;
  const levels = new Array<number>(count).fill(0);
  const unmet = graph.needs.map((needs) => needs.length);
  const dependents: number[][] = graph.ids.map(() => []);
  graph.needs.forEach((needs, node) => {
    for (const need of needs) dependents[need]?.push(node);
  });
  const order = unmet.flatMap((open, node) => (open === 0 ? [node] : []));
  for (let position = 0; position < order.length; position++) {
    const node = order[position] ?? 0;
    for (const dependent of dependents[node] ?? []) {
      levels[dependent] = Math.max(levels[dependent] ?? 0, (levels[node] ?? 0) + 1);
      const open = (unmet[dependent] ?? 0) - 1;
      unmet[dependent] = open;
      if (open === 0) order.push(dependent);
    }
  }
  return order.length === count ? { levels, order } : null;
}

/** Answers whether a node is among the transitive needs of another (or of itself, in a cycle). */
export function transitiveNeeds(graph: Graph): (node: number, need: number) => boolean {
  let inClosure: ((node: number, need: number) => boolean) | null = null;
  return (node, need) => {
    if (graph.needs[node]?.includes(need) === true) return true;
    if (inClosure === null) {
      const sorted = topologicalLevels(graph);
      inClosure = sorted === null ? searchedClosure(graph) : bitClosure(graph, sorted.order);
    }
    return inClosure(node, need);
  };
}

/** With a cycle there is no order to build on: each node is searched, and the last one remembered, as questions come by node. */
function searchedClosure(graph: Graph): (node: number, need: number) => boolean {
  let last = { node: -1, reached: new Set<number>() };
  return (node, need) => {
    if (last.node !== node) {
      const reached = new Set(graph.needs[node] ?? []);
      // A Set's iteration goes on to what is added meanwhile.
      for (const next of reached) for (const further of graph.needs[next] ?? []) reached.add(further);
      last = { node, reached };
    }
    return last.reached.has(need);
  };
}

/**
 * The whole closure, one bit a pair (12.5 MB for 10,000 nodes) and one union of bit rows an edge: a search from every node would
 * be quadratic for a chain.
 */
function bitClosure(graph: Graph, order: readonly number[]): (node: number, need: number) => boolean {
  const words = Math.ceil(graph.ids.length / 32);
  const rows = new Uint32Array(graph.ids.length * words);
  for (const node of order) {
    const row = node * words;
    for (const need of graph.needs[node] ?? []) {
      const other = need * words;
      for (let word = 0; word < words; word++)
        rows[row + word] = (rows[row + word] ?? 0) | (rows[other + word] ?? 0);
      const bit = row + (need >>> 5);
      rows[bit] = (rows[bit] ?? 0) | (1 << (need & 31));
    }
  }
  return (node, need) => (((rows[node * words + (need >>> 5)] ?? 0) >>> (need & 31)) & 1) === 1;
}
