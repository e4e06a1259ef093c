import { describe, expect, it } from "vitest";
import { centralities } from "../../../src/engine/value-chain/centrality.js";
import { findCommunities } from "../../../src/engine/value-chain/communities.js";
import { findCycles } from "../../../src/engine/value-chain/cycles.js";
import { buildValueChainGraph } from "../../../src/engine/value-chain/value-chain-graph.js";
import { edge, node, STEEL } from "./small-chain.js";

const graphOf = (...ends: string[]) =>
  buildValueChainGraph({
    nodes: [...new Set(ends.flatMap((each) => each.split(" ")))].map((id) => node(id)),
    edges: ends.map((each) => edge(each)),
  });

describe("centralities(graph)", () => {
  it("counts edges in and out", () => {
    const hpg = centralities(buildValueChainGraph(STEEL)).find(({ nodeId }) => nodeId === "hpg");
    expect(hpg).toMatchObject({ inDegree: 3, outDegree: 0 });
  });

  it("gives the middle of a line of three the whole betweenness: 1 of the 2 ordered pairs", () => {
    expect(centralities(graphOf("a b", "b c")).map(({ betweenness }) => betweenness)).toEqual([0, 0.5, 0]);
  });

  it("gives the eigenvector of a star: 1/√2 in the centre, 1/√(2·4) at the ends", () => {
    const [centre, ...ends] = centralities(graphOf("c a", "c b", "d c", "e c"));
    expect(centre!.eigenvector).toBeCloseTo(Math.SQRT1_2, 5);
    for (const end of ends) expect(end.eigenvector).toBeCloseTo(Math.SQRT1_2 / 2, 5);
  });

  it("gives equal PageRank around a ring, summing to 1, and more to the end of an arrow", () => {
    for (const { pageRank } of centralities(graphOf("a b", "b c", "c a"))) expect(pageRank).toBeCloseTo(1 / 3, 9);
    const [from, to] = centralities(graphOf("a b"));
    expect(from!.pageRank + to!.pageRank).toBeCloseTo(1, 4);
    // The fixed point of r(a) = 0.15/2 + 0.85·r(b)/2 and r(b) = r(a) + 0.85·r(a).
    expect(from!.pageRank).toBeCloseTo(1 / 2.85, 4);
  });

  it("is empty for an empty graph and defined without edges", () => {
    expect(centralities(graphOf())).toEqual([]);
    const alone = buildValueChainGraph({ nodes: [node("a")], edges: [] });
    expect(centralities(alone)).toMatchObject([{ inDegree: 0, betweenness: 0, pageRank: 1 }]);
  });
});

describe("findCommunities(graph, {seed})", () => {
  const twoTriangles = graphOf("a b", "b c", "c a", "x y", "y z", "z x", "a x");

  it("parts two triangles that one edge joins", () => {
    const { communities } = findCommunities(twoTriangles);
    expect(communities.map((group) => [...group].sort())).toEqual([
      ["a", "b", "c"],
      ["x", "y", "z"],
    ]);
  });

  it("gives the same groups for the same seed", () => {
    expect(findCommunities(twoTriangles, { seed: 7 })).toEqual(findCommunities(twoTriangles, { seed: 7 }));
  });

  it("leaves every node alone without edges", () => {
    const apart = buildValueChainGraph({ nodes: [node("a"), node("b")], edges: [] });
    expect(findCommunities(apart)).toEqual({ communities: [["a"], ["b"]], modularity: Number.NaN });
  });
});

describe("findCycles(graph)", () => {
  it("finds none in a chain", () => {
    expect(findCycles(buildValueChainGraph(STEEL))).toEqual([]);
  });

  it("reports each component with a shortest cycle through its first node", () => {
    const graph = graphOf("a b", "b c", "c a", "b a", "c d", "x y", "y x");
    expect(findCycles(graph)).toEqual([
      { nodeIds: ["a", "b", "c"], exampleEdgeIds: ["a--b--input-of", "b--a--input-of"] },
      { nodeIds: ["x", "y"], exampleEdgeIds: ["x--y--input-of", "y--x--input-of"] },
    ]);
  });

  it("goes through a ring of thousands", () => {
    const ring = graphOf(...Array.from({ length: 5_000 }, (_, i) => `n${i} n${(i + 1) % 5_000}`));
    expect(findCycles(ring)).toMatchObject([{ nodeIds: { length: 5_000 }, exampleEdgeIds: { length: 5_000 } }]);
  });
});
