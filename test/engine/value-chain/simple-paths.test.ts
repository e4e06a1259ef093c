import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathsBetween, simplePaths } from "../../../src/engine/value-chain/simple-paths.js";
import { buildValueChainGraph } from "../../../src/engine/value-chain/value-chain-graph.js";
import { arbitraryChain } from "./arbitrary-chain.js";
import { edge, node, nodeId, STEEL } from "./small-chain.js";

const steel = buildValueChainGraph(STEEL);
const shown = ({ paths }: ReturnType<typeof simplePaths>) =>
  paths.map(({ nodeIds, sign }) => `${nodeIds.join(" > ")} ${sign}`);

/** Every node joined to every other, both ways. */
const complete = (size: number) => {
  const ids = Array.from({ length: size }, (_, i) => `n${i}`);
  const edges = ids.flatMap((a) => ids.filter((b) => a !== b).map((b) => edge(`${a} ${b}`)));
  return buildValueChainGraph({ nodes: ids.map((id) => node(id)), edges });
};

describe("simplePaths(graph, startId, {direction, maxLength, maxPaths})", () => {
  it("lists downstream paths by length, with the product of their signs", () => {
    expect(shown(simplePaths(steel, nodeId("iron"), { direction: "downstream" }))).toEqual([
      "iron > hpg -1",
      "iron > steel 1",
      "iron > steel > hpg 1",
      "iron > steel > hsg -1",
    ]);
  });

  it("lists upstream paths in the direction of the arrows", () => {
    expect(shown(simplePaths(steel, nodeId("hpg"), { direction: "upstream" }))).toEqual([
      "iron > hpg -1",
      "coal > hpg -1",
      "steel > hpg 1",
      "iron > steel > hpg 1",
    ]);
  });

  it("finds all of them in a complete graph: 4 + 4·3 + 4·3·2 among five nodes up to length 3", () => {
    const { paths, capped } = simplePaths(complete(5), nodeId("n0"), { direction: "downstream", maxLength: 3 });
    expect(paths).toHaveLength(4 + 12 + 24);
    expect(capped).toBe(false);
  });

  it("stops at maxPaths, says so, and has found the shorter ones first", () => {
    const { paths, capped } = simplePaths(complete(8), nodeId("n0"), { direction: "downstream", maxPaths: 20 });
    expect(capped).toBe(true);
    expect(paths.map(({ edgeIds }) => edgeIds.length)).toEqual([...Array(7).fill(1), ...Array(13).fill(2)]);
  });

  it("is not capped when maxPaths is just enough", () => {
    expect(simplePaths(steel, nodeId("iron"), { direction: "downstream", maxPaths: 4 }).capped).toBe(false);
    expect(simplePaths(steel, nodeId("iron"), { direction: "downstream", maxPaths: 3 }).capped).toBe(true);
  });

  it("passes no node twice, whatever the graph", () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        fc.pre(chain.nodes.length > 0);
        const graph = buildValueChainGraph(chain);
        for (const { nodeIds, edgeIds } of simplePaths(graph, chain.nodes[0]!.id, { direction: "downstream" }).paths) {
          expect(new Set(nodeIds).size).toBe(nodeIds.length);
          expect(edgeIds.map((id) => graph.source(id))).toEqual(nodeIds.slice(0, -1));
          expect(edgeIds.map((id) => graph.target(id))).toEqual(nodeIds.slice(1));
        }
      }),
    );
  });

  it("throws NOT_FOUND for an unknown node and ARGUMENT_INVALID for limits", () => {
    const from = (options: object) => () => simplePaths(steel, nodeId("iron"), { direction: "upstream", ...options });
    expect(() => simplePaths(steel, nodeId("gold"), { direction: "upstream" })).toThrow(
      "unknown node: gold (accepted: the id of a node of this value chain)",
    );
    expect(from({ maxLength: 11 })).toThrow("invalid maxLength: 11 (accepted: an integer from 1 to 10)");
    expect(from({ maxLength: 0 })).toThrow("invalid maxLength: 0");
    expect(from({ maxPaths: 0.5 })).toThrow("invalid maxPaths: 0.5");
  });
});

describe("pathsBetween(graph, {fromId, toId})", () => {
  it("keeps the paths between two nodes", () => {
    expect(shown(pathsBetween(steel, { fromId: nodeId("iron"), toId: nodeId("hpg") }))).toEqual([
      "iron > hpg -1",
      "iron > steel > hpg 1",
    ]);
  });

  it("finds none against the arrows, or from a node that nothing leads from", () => {
    expect(pathsBetween(steel, { fromId: nodeId("hpg"), toId: nodeId("iron") }).paths).toEqual([]);
    expect(pathsBetween(steel, { fromId: nodeId("milk"), toId: nodeId("hpg") }).paths).toEqual([]);
  });

  it("finds the same paths as a search from the other end", () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        fc.pre(chain.nodes.length > 1);
        const graph = buildValueChainGraph(chain);
        const [fromId, toId] = [chain.nodes[0]!.id, chain.nodes[1]!.id];
        const fromStart = simplePaths(graph, fromId, { direction: "downstream" }).paths.filter(
          ({ nodeIds }) => nodeIds.at(-1) === toId,
        );
        const keys = (paths: typeof fromStart) => paths.map(({ edgeIds }) => edgeIds.join(" ")).sort();
        expect(keys([...pathsBetween(graph, { fromId, toId }).paths])).toEqual(keys(fromStart));
      }),
    );
  });
});
