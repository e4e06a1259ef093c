import { describe, expect, it } from "vitest";
import { inferInstrumentConventions } from "../../../src/engine/market-data/instrument-conventions.js";
import { simulateMarket } from "../../../src/engine/simulated-market/simulate-market.js";
import { tradingDate } from "../../../src/engine/units/trading-date.js";
import { findCycles } from "../../../src/engine/value-chain/cycles.js";
import { propagateShock } from "../../../src/engine/value-chain/shock-propagation.js";
import { valueChainAsOf } from "../../../src/engine/value-chain/value-chain-as-of.js";
import { buildValueChainGraph } from "../../../src/engine/value-chain/value-chain-graph.js";
import { vietnamValueChain } from "../../../src/import/value-chain/seed-value-chain.js";
import { nodeId } from "../../engine/value-chain/small-chain.js";

const chain = vietnamValueChain();

describe("vietnamValueChain()", () => {
  it("is a graph of at least 60 nodes and 120 edges, each with a reason and a source", () => {
    expect(chain.nodes.length).toBeGreaterThanOrEqual(60);
    expect(chain.edges.length).toBeGreaterThanOrEqual(120);
    expect(chain.edges.filter(({ sourceDate }) => sourceDate === undefined)).toEqual([]);
  });

  it("leaves no node without an edge", () => {
    const graph = buildValueChainGraph(chain);
    expect(graph.filterNodes((id) => graph.degree(id) === 0)).toEqual([]);
  });

  it("covers the sectors of the Vietnamese market", () => {
    const sectors = new Set(chain.nodes.map(({ sector }) => sector));
    for (const sector of [
      ...["steel", "oil and gas", "fertiliser", "rubber", "sugar", "pork", "dairy", "shipping", "power", "aviation"],
      ...["banks", "property", "retail", "seafood", "plastics", "textile", "jewellery"],
    ]) {
      expect(sectors, sector).toContain(sector);
    }
  });

  it("takes common knowledge as such: what is not sourced to a document and a move of earnings is open to doubt", () => {
    const assumed = chain.edges.filter(({ confidence }) => confidence !== "high");
    expect(assumed.length).toBeGreaterThan(chain.edges.length / 2);
  });

  it("names the symbols of the demo market wherever it has them", () => {
    const demo = simulateMarket({ seed: 1, endDate: tradingDate("2026-04-10") });
    const symbols = new Set(chain.nodes.flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol])));
    const missing = demo.instruments.map(({ symbol }) => symbol).filter((symbol) => !symbols.has(symbol));
    expect(missing).toEqual([]);
  });

  it("gives symbols to what the conventions know to be no share only where that fits the node", () => {
    for (const { kind, symbol } of chain.nodes) {
      if (symbol === undefined) continue;
      const { assetClass } = inferInstrumentConventions(symbol);
      expect(assetClass === "equity", symbol).toBe(kind === "company");
    }
  });

  it("has thirty members of VN30 on any day since February 2026", () => {
    for (const day of ["2026-02-02", "2026-06-14", "2026-06-15", "2026-08-02", "2026-08-03", "2026-11-20"]) {
      const { edges } = valueChainAsOf(chain, tradingDate(day));
      expect(
        edges.filter(({ targetId, kind }) => targetId === "vn30" && kind === "member-of"),
        day,
      ).toHaveLength(30);
    }
  });

  it("moves steel makers down and ore up in opposite directions", () => {
    const graph = buildValueChainGraph(valueChainAsOf(chain, tradingDate("2026-11-20")));
    const { affected } = propagateShock(graph, { nodeId: nodeId("iron-ore"), shock: 0.1, maxLength: 1 });
    const effect = (id: string) => affected.find((each) => each.nodeId === id)!.effect;
    expect(effect("hpg")).toBeLessThan(0);
    expect(effect("rebar")).toBeGreaterThan(0);
  });

  it("reports its cycles rather than hiding them", () => {
    for (const { exampleEdgeIds } of findCycles(buildValueChainGraph(chain))) {
      expect(exampleEdgeIds.length).toBeGreaterThan(1);
    }
  });
});
