import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  buildGraph,
  findCycles,
  type GraphNode,
  topologicalLevels,
  transitiveNeeds,
} from '../../../../src/workflow/definition/graph.js';

const graphOf = (text: string) =>
  buildGraph(
    text.split(' ').map((node) => {
      const [id = '', needs = ''] = node.split(':');
      return { id, needs: needs === '' ? [] : needs.split(',') };
    }),
  );

describe('cycles are named in the order "needs"', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['a b:a c:b', []],
    ['a:a', []],
    ['a:nowhere', []],
    ['a:b b:a', ['a → b → a']],
    ['a:b b:c c:a d:a', ['a → b → c → a']],
    ['a b:a,c c:d d:b e:f f:e', ['b → c → d → b', 'e → f → e']],
    ['a:b b:a,c c:b', ['a → b → a']],
  ];
  for (const [text, expected] of rows) {
    it(text, () => {
      assert.deepEqual(
        findCycles(graphOf(text)).map((cycle) => cycle.join(' → ')),
        expected,
      );
    });
  }
});

describe('levels', () => {
  const rows: readonly (readonly [string, readonly number[] | null])[] = [
    ['a b c', [0, 0, 0]],
    ['a b:a c:a d:b,c', [0, 1, 1, 2]],
    ['d:b,c c:a b:a a', [2, 1, 1, 0]],
    ['a:b b:a', null],
  ];
  for (const [text, expected] of rows) {
    it(text, () => assert.deepEqual(topologicalLevels(graphOf(text))?.levels ?? null, expected));
  }
});

/** Graphs of up to twelve nodes with any edges, cycles included. */
const graphs = fc
  .integer({ min: 1, max: 12 })
  .chain((count) =>
    fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 4 }), { minLength: count, maxLength: count }),
  )
  .map((needs): GraphNode[] =>
    needs.map((ids, index) => ({ id: `n${index}`, needs: ids.map((id) => `n${id}`) })),
  );

/** The closure by its definition: repeated until nothing is added. */
function closureOf(nodes: readonly GraphNode[]): ReadonlySet<string> {
  const pairs = new Set(
    nodes.flatMap(({ id, needs }) => needs.filter((need) => need !== id).map((need) => `${id} ${need}`)),
  );
  for (let before = -1; before !== pairs.size; ) {
    before = pairs.size;
    for (const pair of [...pairs]) {
      const [from = '', middle = ''] = pair.split(' ');
      for (const next of nodes.find(({ id }) => id === middle)?.needs ?? []) {
        if (next !== middle) pairs.add(`${from} ${next}`);
      }
    }
  }
  return pairs;
}

describe('for any graph', () => {
  it('there is a cycle if and only if there are no levels, and every reported cycle is one', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const graph = buildGraph(nodes);
        const cycles = findCycles(graph);
        assert.equal(cycles.length > 0, topologicalLevels(graph) === null);
        for (const cycle of cycles) {
          assert.equal(cycle[0], cycle.at(-1));
          cycle.slice(1).forEach((need, index) => {
            const node = nodes.find(({ id }) => id === cycle[index]);
            assert.ok(node?.needs.includes(need), `${cycle.join(' → ')} is no cycle`);
          });
        }
        const members = cycles.flatMap((cycle) => cycle.slice(1));
        assert.equal(new Set(members).size, members.length, 'no node is in two reported cycles');
      }),
    );
  });

  it('every knot has a reported cycle', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const closure = closureOf(nodes);
        const reported = new Set(findCycles(buildGraph(nodes)).flat());
        for (const { id } of nodes) {
          if (!closure.has(`${id} ${id}`)) continue;
          const knot = nodes.filter(
            (other) => closure.has(`${id} ${other.id}`) && closure.has(`${other.id} ${id}`),
          );
          assert.ok(
            knot.some((other) => reported.has(other.id)),
            `the knot of ${id} has no reported cycle`,
          );
        }
      }),
    );
  });

  it('transitive needs are the closure, with cycles and without', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const closure = closureOf(nodes);
        const isNeeded = transitiveNeeds(buildGraph(nodes));
        for (const [from, { id }] of nodes.entries()) {
          for (const [to, other] of nodes.entries()) {
            assert.equal(isNeeded(from, to), closure.has(`${id} ${other.id}`), `${id} needs ${other.id}`);
          }
        }
      }),
    );
  });

  it('levels are one more than the highest need', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const graph = buildGraph(nodes);
        const sorted = topologicalLevels(graph);
        if (sorted === null) return;
        graph.needs.forEach((needs, node) => {
          const highest = needs.reduce((high, need) => Math.max(high, sorted.levels[need] ?? -1), -1);
          assert.equal(sorted.levels[node], highest + 1);
        });
      }),
    );
  });
});

describe('size', () => {
  it('a chain of 10,000 needs no stack, and its ends know each other', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => ({
      id: `n${index}`,
      needs: index === 9_999 ? [] : [`n${index + 1}`],
    }));
    const graph = buildGraph(nodes);
    assert.deepEqual(findCycles(graph), []);
    assert.equal(topologicalLevels(graph)?.levels[0], 9_999);
    const isNeeded = transitiveNeeds(graph);
    assert.equal(isNeeded(0, 9_999), true);
    assert.equal(isNeeded(9_999, 0), false);
  });
});
