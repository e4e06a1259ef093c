import { describe, expect, it } from "vitest";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { tradedPairs } from "../../../src/engine/value-chain/traded-pairs.js";
import { edge, node } from "./small-chain.js";

const symbol = (name: string) => ({ symbol: instrumentSymbol(name) });
const nodes = [
  node("ore", symbol("DCE.I")),
  node("steel", symbol("SHFE.RB")),
  node("steel-spot", symbol("SHFE.RB")),
  node("hpg", symbol("HPG")),
  node("demand"),
  node("new", symbol("NEW")),
];
const traded = new Set(["DCE.I", "SHFE.RB", "HPG"]);

describe("tradedPairs(chain, traded)", () => {
  it("counts the edges that join two symbols, in the order of the first", () => {
    const edges = [
      edge("steel hpg"),
      edge("ore hpg"),
      edge("ore hpg", -1, { kind: "customer-of" }),
      edge("steel-spot hpg"),
    ];
    expect(tradedPairs({ nodes, edges }, traded)).toEqual([
      { source: "SHFE.RB", target: "HPG", edgeCount: 2 },
      { source: "DCE.I", target: "HPG", edgeCount: 2 },
    ]);
  });

  it("keeps both directions apart", () => {
    const pairs = tradedPairs({ nodes, edges: [edge("ore hpg"), edge("hpg ore")] }, traded);
    expect(pairs.map(({ source }) => source)).toEqual(["DCE.I", "HPG"]);
  });

  it("leaves out ends without prices, and nodes of one symbol", () => {
    const edges = [edge("demand hpg"), edge("new hpg"), edge("hpg new"), edge("steel steel-spot")];
    expect(tradedPairs({ nodes, edges }, traded)).toEqual([]);
  });
});
