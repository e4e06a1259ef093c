import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DirectedGraph, topologicalGenerations } from "../../../src/engine/workflow/topological-generations.js";
import { findCycles } from "../../../src/engine/workflow/validation/find-cycles.js";

function graphOf(
  vertexCount: number,
  arcs: readonly (readonly [number, number])[],
  barriersFrom?: number,
): DirectedGraph {
  return {
    vertexCount,
    sources: Int32Array.from(arcs, ([source]) => source),
    targets: Int32Array.from(arcs, ([, target]) => target),
    ...(barriersFrom === undefined ? {} : { barriersFrom }),
  };
}

const graphs = fc.integer({ min: 1, max: 25 }).chain((count) => {
  const vertex = fc.nat(count - 1);
  return fc.tuple(fc.constant(count), fc.array(fc.tuple(vertex, vertex), { maxLength: 40 }));
});

describe("topologicalGenerations(graph)", () => {
  it.each<[string, number, [number, number][], number[][]]>([
    ["nothing", 0, [], []],
    ["vertices without arcs", 3, [], [[0, 1, 2]]],
    [
      "a chain, in any order",
      3,
      [
        [2, 1],
        [1, 0],
      ],
      [[2], [1], [0]],
    ],
    [
      "a diamond with a long side",
      5,
      [
        [0, 1],
        [1, 2],
        [2, 4],
        [0, 3],
        [3, 4],
      ],
      [[0], [1, 3], [2], [4]],
    ],
    [
      "arcs that occur twice",
      2,
      [
        [0, 1],
        [0, 1],
      ],
      [[0], [1]],
    ],
    [
      "what is before a cycle",
      4,
      [
        [0, 1],
        [1, 2],
        [2, 1],
        [2, 3],
      ],
      [[0]],
    ],
    ["a vertex before itself", 2, [[0, 0]], [[1]]],
  ])("orders %s", (_, count, arcs, expected) => {
    expect(topologicalGenerations(graphOf(count, arcs)).generations).toEqual(expected);
  });

  it("lets a barrier hold back without a generation of its own", () => {
    // 0 and 1 before the barrier 3, 2 behind it.
    const { generations } = topologicalGenerations(
      graphOf(
        4,
        [
          [0, 3],
          [1, 3],
          [0, 1],
          [3, 2],
        ],
        3,
      ),
    );
    expect(generations).toEqual([[0], [1], [2]]);
  });

  it("puts each vertex one after the last of its predecessors, and leaves out cycles and what is behind", () => {
    fc.assert(
      fc.property(graphs, ([count, arcs]) => {
        const { generationOf } = topologicalGenerations(graphOf(count, arcs));
        for (let vertex = 0; vertex < count; vertex++) {
          const before = arcs.filter(([, target]) => target === vertex).map(([source]) => generationOf[source]!);
          const isStuck = before.includes(-1);
          // A vertex that waits for none that is stuck is itself free.
          expect(generationOf[vertex]).toBe(isStuck ? -1 : 1 + Math.max(-1, ...before));
        }
      }),
    );
  });
});

describe("findCycles(graph, generationOf)", () => {
  it("finds cycles exactly where vertices have no order, end to end and apart from each other", () => {
    fc.assert(
      fc.property(graphs, ([count, arcs]) => {
        const graph = graphOf(count, arcs);
        const { generationOf } = topologicalGenerations(graph);
        const cycles = findCycles(graph, generationOf);
        expect(cycles.length > 0).toBe(generationOf.includes(-1));
        for (const { vertices, arcs: along } of cycles) {
          along.forEach((arc, i) => {
            expect([graph.sources[arc], graph.targets[arc]]).toEqual([
              vertices[i],
              vertices[(i + 1) % vertices.length],
            ]);
          });
        }
        const all = cycles.flatMap(({ vertices }) => vertices);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });
});
