import { describe, expect, it } from "vitest";
import { findNodes } from "../../../../notebooks/components/value-chain/chain-search.js";
import { chainTitle, mostDependedOn } from "../../../../notebooks/components/value-chain/chain-title.js";
import { edgeSentence, shortLabel, shortName } from "../../../../notebooks/components/value-chain/chain-words.js";
import { betaInWords, leadInWords } from "../../../../notebooks/components/value-chain/edge-card.js";
import { edgeGroups } from "../../../../notebooks/components/value-chain/edge-groups.js";
import { chainDays, dayBefore } from "../../../../notebooks/components/value-chain/page-words.js";
import { parseShock } from "../../../../notebooks/components/value-chain/shock-control.js";
import { tradingDate } from "../../../../notebooks/engine/units/trading-date.js";
import type { ValueChainNodeId } from "../../../../notebooks/engine/value-chain/value-chain.js";
import { edge, node, STEEL } from "./chain.js";

const [ore, , steel, mill] = STEEL.nodes;

describe("chainTitle(chain)", () => {
  it("names what most depends on, with how many do", () => {
    expect(chainTitle(STEEL)).toBe("Most depends on coal (1), Iron ore (1) and HPG (1)");
  });

  it("says so when nothing is left", () => {
    expect(chainTitle({ nodes: [], edges: [] })).toBe("No dependency passes the filters");
  });

  it("counts a dependent once, however many edges lead to it", () => {
    const twice = { nodes: STEEL.nodes, edges: [edge("ore", "steel"), edge("ore", "steel", { kind: "product-of" })] };
    expect(mostDependedOn(twice)).toMatchObject([{ dependents: 1 }]);
  });
});

describe("findNodes(nodes, query)", () => {
  it("finds Vietnamese names without their marks", () => {
    expect(findNodes(STEEL.nodes, "hoa ph").map(({ id }) => id)).toEqual(["steel"]);
  });

  it("puts a symbol before names that merely hold it", () => {
    const nodes = [node("a", { name: "Old HPG works" }), ...STEEL.nodes];
    expect(findNodes(nodes, "hpg").map(({ id }) => id)).toEqual(["steel", "a"]);
  });

  it("finds a word within a name, and nothing for what nobody is called", () => {
    expect(findNodes(STEEL.nodes, "ore").map(({ id }) => id)).toEqual(["ore"]);
    expect(findNodes(STEEL.nodes, "zinc")).toEqual([]);
  });
});

describe("shortName(node) and shortLabel(name)", () => {
  it("takes the symbol of a company and the name of anything else", () => {
    expect([shortName(steel!), shortName(ore!)]).toEqual(["HPG", "Iron ore"]);
  });

  it("cuts between words, and at a comma", () => {
    expect(shortLabel("Natural gas sold in Vietnam, priced off fuel oil")).toBe("Natural gas sold in…");
    expect(shortLabel("Copper, London")).toBe("Copper");
    expect(shortLabel("Pneumonoultramicroscopicsilicosis")).toBe("Pneumonoultra…");
  });
});

describe("edgeSentence(edge, source, target)", () => {
  it("says what the source is to the target", () => {
    expect(edgeSentence(edge("ore", "steel"), ore, steel)).toBe("Iron ore is an input of HPG");
    expect(edgeSentence(edge("steel", "mill", { kind: "competitor-of" }), steel, mill)).toBe("HPG competes with HSG");
  });
});

describe("edgeGroups(chain, id)", () => {
  it("groups a node's edges by what they are to it, competitors last of what moves it", () => {
    const groups = edgeGroups(STEEL, "steel" as ValueChainNodeId);
    expect(groups.map(({ title, edges }) => [title, edges.length])).toEqual([
      ["Inputs", 2],
      ["Competitors", 1],
    ]);
  });

  it("sees a competitor from both sides", () => {
    expect(edgeGroups(STEEL, "mill" as ValueChainNodeId).map(({ title }) => title)).toEqual(["Competitors"]);
  });
});

describe("betaInWords(facts)", () => {
  const measured = (beta: number, standardError: number) => ({
    edge: edge("ore", "steel", { sign: -1 }),
    beta: { edgeId: edge("ore", "steel").id, beta, standardError, n: 1226 },
    hasPrices: true,
  });

  it("gives the half-width of the 95% interval", () => {
    expect(betaInWords(measured(-0.31, 0.05))).toBe("−0.31 ± 0.10 (n 1,226)");
  });

  it("says when the measurement contradicts the stated sign beyond its interval, and only then", () => {
    expect(betaInWords(measured(0.31, 0.05))).toBe("+0.31 ± 0.10 (n 1,226), against the stated sign");
    expect(betaInWords(measured(0.31, 0.2))).not.toContain("against");
  });

  it("tells what was not measured from what cannot be", () => {
    const facts = { edge: edge("ore", "steel"), beta: undefined };
    expect(betaInWords({ ...facts, hasPrices: true })).toBe("not measured");
    expect(betaInWords({ ...facts, hasPrices: false })).toBe("not measured: no prices");
  });
});

describe("leadInWords(facts)", () => {
  const lead = { lag: Number.NaN, ic: Number.NaN, q: Number.NaN };

  it("tells by how many days a source leads, and how strong that is", () => {
    const found = { verdict: "lead-found", lag: 5, ic: 0.061, q: 0.0123 } as const;
    expect(leadInWords({ lead: found, hasPrices: true })).toBe("leads by 5 days (IC +0.06, q 0.012)");
    expect(leadInWords({ lead: { ...found, lag: 1 }, hasPrices: true })).toMatch(/^leads by 1 day /);
  });

  it("takes no lead for an answer", () => {
    const none = { ...lead, verdict: "no-lead-found", ic: -0.01, q: 0.9 } as const;
    expect(leadInWords({ lead: none, hasPrices: true })).toBe("no lead found (IC −0.01, q 0.900)");
  });

  it("leaves out what was not tested", () => {
    expect(leadInWords({ lead: { ...lead, verdict: "insufficient-data" }, hasPrices: true })).toBe(
      "too little data for a test",
    );
    expect(leadInWords({ lead: undefined, hasPrices: true })).toBe("not measured");
    expect(leadInWords({ lead: undefined, hasPrices: false })).toBe("not measured: no prices");
  });
});

describe("parseShock(text)", () => {
  it("reads a node and a percentage", () => {
    expect(parseShock("iron-ore:-12.5")).toEqual({ nodeId: "iron-ore", percent: -12.5 });
  });

  it.each(["", "iron-ore", "iron-ore:", "iron-ore:0", "iron-ore:-101", ":10", "iron-ore:x"])(
    "takes %o for none",
    (text) => {
      expect(parseShock(text)).toBeUndefined();
    },
  );
});

describe("chainDays(chain, asOf)", () => {
  it("goes from the first day on which anything holds to the day of the data", () => {
    const edges = [edge("ore", "steel", { validFrom: tradingDate("2019-05-02") }), edge("coal", "steel")];
    expect(chainDays({ nodes: STEEL.nodes, edges }, "2026-04-10")).toEqual({ first: "2019-05-02", last: "2026-04-10" });
  });

  it("reaches to what begins later", () => {
    const edges = [edge("ore", "steel", { validFrom: tradingDate("2027-01-04") })];
    expect(chainDays({ nodes: [], edges }, "2026-04-10").last).toBe("2027-01-04");
  });
});

describe("dayBefore(day)", () => {
  it("knows the length of months", () => {
    expect(dayBefore("2024-03-01")).toBe("2024-02-29");
  });
});
