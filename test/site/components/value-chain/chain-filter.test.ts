import { describe, expect, it } from "vitest";
import {
  ALL_EDGE_KINDS,
  ALL_NODE_KINDS,
  type ChainFilter,
  filterChain,
  filtersInUse,
} from "../../../../notebooks/components/value-chain/chain-filter.js";
import { STEEL } from "./chain.js";

const ALL: ChainFilter = { nodeKinds: ALL_NODE_KINDS, edgeKinds: ALL_EDGE_KINDS, sector: "", leastConfidence: "low" };

function idsOf(filter: Partial<ChainFilter>) {
  const { nodes, edges } = filterChain(STEEL, { ...ALL, ...filter });
  return { nodes: nodes.map(({ id }) => id), edges: edges.map(({ id }) => id) };
}

describe("filterChain(chain, filter)", () => {
  it("lets everything pass while nothing is filtered, what no edge joins too", () => {
    expect(filterChain(STEEL, ALL)).toEqual(STEEL);
    expect(filtersInUse(ALL)).toBe(0);
  });

  it("drops edges of less confidence, and the nodes they alone held", () => {
    expect(idsOf({ leastConfidence: "medium" })).toEqual({
      nodes: ["ore", "steel", "mill", "rain"],
      edges: ["ore--steel", "steel--mill"],
    });
  });

  it("drops edges with an end of a kind that is not wanted", () => {
    expect(idsOf({ nodeKinds: "company" })).toEqual({ nodes: ["steel", "mill"], edges: ["steel--mill"] });
  });

  it("drops edges of kinds that are not wanted", () => {
    expect(idsOf({ edgeKinds: "input-of" })).toEqual({
      nodes: ["ore", "coal", "steel", "rain"],
      edges: ["ore--steel", "coal--steel"],
    });
  });

  it("keeps what has one end in the sector, with the other end", () => {
    expect(idsOf({ sector: "metals" })).toEqual({
      nodes: ["ore", "coal", "steel"],
      edges: ["ore--steel", "coal--steel"],
    });
  });

  it("shows nothing when no kind is wanted", () => {
    expect(idsOf({ nodeKinds: "" })).toEqual({ nodes: [], edges: [] });
  });
});

describe("filtersInUse(filter)", () => {
  it("counts the filters that can leave something out", () => {
    expect(filtersInUse({ ...ALL, sector: "steel", leastConfidence: "high" })).toBe(2);
  });
});
