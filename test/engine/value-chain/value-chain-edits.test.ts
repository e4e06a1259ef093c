import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tradingDate } from "../../../src/engine/units/trading-date.js";
import { applyValueChainChange } from "../../../src/engine/value-chain/apply-change.js";
import { compareValueChains, isUnchanged } from "../../../src/engine/value-chain/compare-value-chains.js";
import { valueChainAsOf } from "../../../src/engine/value-chain/value-chain-as-of.js";
import { arbitraryChain } from "./arbitrary-chain.js";
import { edge, edgeId, node, nodeId, STEEL } from "./small-chain.js";

const lastDay = tradingDate("2026-06-30");

describe("valueChainAsOf(chain, date)", () => {
  const dated = {
    nodes: [node("a", { validFrom: tradingDate("2020-01-01"), validTo: tradingDate("2020-12-31") }), node("b")],
    edges: [edge("a b"), edge("b a", 1, { validFrom: tradingDate("2020-06-01") })],
  };
  const edgesOn = (date: string) => valueChainAsOf(dated, tradingDate(date)).edges.map(({ id }) => id);

  it("keeps what is valid on the day, first and last day included", () => {
    expect(edgesOn("2020-01-01")).toEqual(["a--b--input-of"]);
    expect(edgesOn("2020-06-01")).toEqual(["a--b--input-of", "b--a--input-of"]);
    expect(edgesOn("2020-12-31")).toHaveLength(2);
  });

  it("drops an edge with an end that is not valid", () => {
    expect(edgesOn("2019-12-31")).toEqual([]);
    expect(edgesOn("2021-01-01")).toEqual([]);
  });
});

describe("applyValueChainChange(chain, change)", () => {
  it("adds, changes and retires without touching the graph it was given", () => {
    const before = structuredClone(STEEL);
    const added = applyValueChainChange(STEEL, { kind: "add-edge", edge: edge("milk hsg") });
    const changed = applyValueChainChange(added, { kind: "change-edge", edge: edge("milk hsg", -1) });
    const retired = applyValueChainChange(changed, { kind: "retire-edge", id: edgeId("milk--hsg--input-of"), lastDay });
    expect(retired.edges.at(-1)).toMatchObject({ id: "milk--hsg--input-of", sign: -1, validTo: lastDay });
    expect(STEEL).toEqual(before);
  });

  it("retires a node with its edges: those that end earlier stay, those that begin later go", () => {
    const chain = {
      nodes: [node("a"), node("b")],
      edges: [
        edge("a b"),
        edge("b a", 1, { validTo: tradingDate("2025-01-01") }),
        edge("a b", 1, { kind: "supplier-of", validFrom: tradingDate("2027-01-01") }),
      ],
    };
    const { nodes, edges } = applyValueChainChange(chain, { kind: "retire-node", id: nodeId("a"), lastDay });
    expect(nodes[0]!.validTo).toBe(lastDay);
    expect(edges.map(({ id, validTo }) => [id, validTo])).toEqual([
      ["a--b--input-of", lastDay],
      ["b--a--input-of", "2025-01-01"],
    ]);
  });

  it("throws NOT_FOUND for an element that is not there", () => {
    expect(() => applyValueChainChange(STEEL, { kind: "retire-edge", id: edgeId("x--y"), lastDay })).toThrow(
      "unknown edge: x--y (accepted: the id of an edge that is stored)",
    );
    expect(() => applyValueChainChange(STEEL, { kind: "change-node", node: node("gold") })).toThrow(
      expect.objectContaining({ code: "NOT_FOUND" }),
    );
  });

  it("throws VALUE_CHAIN_INVALID for an id that is taken, an end that is missing, an end before the beginning", () => {
    const problem = (message: string) => expect.objectContaining({ code: "VALUE_CHAIN_INVALID", message });
    expect(() => applyValueChainChange(STEEL, { kind: "add-node", node: node("iron") })).toThrow(
      problem("invalid value chain, 1 problem: node iron: duplicate id: iron (accepted: an id that no other node has)"),
    );
    expect(() => applyValueChainChange(STEEL, { kind: "add-edge", edge: edge("iron gold") })).toThrow(
      problem(
        "invalid value chain, 1 problem: edge iron--gold--input-of: invalid targetId: gold (accepted: the id of a node)",
      ),
    );
    const early = tradingDate("2000-01-01");
    expect(() => applyValueChainChange(STEEL, { kind: "retire-node", id: nodeId("hsg"), lastDay: early })).toThrow(
      problem(
        "invalid value chain, 1 problem: node hsg: invalid validity: from 2008-12-05 to 2000-01-01 (accepted: a beginning not after the end)",
      ),
    );
  });
});

describe("compareValueChains(before, after)", () => {
  it("tells added, changed and retired elements apart and names the fields that differ", () => {
    const after = {
      nodes: [...STEEL.nodes.slice(1), node("gold")],
      edges: [edge("coal hpg", 1, { confidence: "high" }), ...STEEL.edges.slice(2)],
    };
    const { nodes, edges } = compareValueChains(STEEL, after);
    expect([nodes.added, nodes.changed, nodes.retired].map((list) => list.length)).toEqual([1, 0, 1]);
    expect(edges.changed.map(({ after: { id }, fields }) => [id, fields])).toEqual([
      ["coal--hpg--input-of", ["sign", "confidence"]],
    ]);
    expect(edges.retired.map(({ id }) => id)).toEqual(["iron--hpg--input-of"]);
  });

  it("takes a field that is absent as one that is undefined", () => {
    const dated = node("a", { validTo: lastDay });
    const { validTo: _, ...open } = dated;
    const openNode = open as typeof dated;
    expect(compareValueChains({ nodes: [dated], edges: [] }, { nodes: [openNode], edges: [] }).nodes.changed).toEqual([
      { before: dated, after: open, fields: ["validTo"] },
    ]);
    expect(isUnchanged(compareValueChains({ nodes: [openNode], edges: [] }, { nodes: [node("a")], edges: [] }))).toBe(
      true,
    );
  });

  it("finds nothing between a graph and its shuffled copy, and the reverse of what the reverse finds", () => {
    fc.assert(
      fc.property(arbitraryChain(), arbitraryChain(), (one, other) => {
        const copy = structuredClone({ nodes: one.nodes.toReversed(), edges: one.edges.toReversed() });
        expect(isUnchanged(compareValueChains(one, copy))).toBe(true);
        const there = compareValueChains(one, other);
        const back = compareValueChains(other, one);
        expect(there.edges.added).toEqual(back.edges.retired);
        expect(there.nodes.retired).toEqual(back.nodes.added);
        expect(there.nodes.changed.length).toBe(back.nodes.changed.length);
      }),
    );
  });
});
