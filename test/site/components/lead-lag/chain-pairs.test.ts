import { describe, expect, it } from "vitest";
import { chainPairs } from "../../../../notebooks/components/lead-lag/chain-pairs.js";

type Chain = Parameters<typeof chainPairs>[0];

const node = (id: string, symbol: string | undefined, kind = "company") => ({ id, name: id, kind, symbol });
const edge = (sourceId: string, targetId: string, kind: string, sign: number) => ({ sourceId, targetId, kind, sign });
const chain = {
  nodes: [node("iron", "DCE.I", "commodity"), node("hoa-phat", "HPG"), node("mine", undefined), node("tin", "LME.SN")],
  edges: [
    edge("iron", "hoa-phat", "input-of", -1),
    edge("iron", "hoa-phat", "product-of", 1),
    edge("mine", "hoa-phat", "supplier-of", 0),
    edge("tin", "hoa-phat", "input-of", -1),
  ],
} as unknown as Chain;

describe("chainPairs(chain, priced)", () => {
  it("joins several edges of a pair, and leaves out ends without prices", () => {
    const pairs = chainPairs(chain, (symbol) => symbol !== "LME.SN");
    expect(pairs).toEqual([
      {
        source: "DCE.I",
        target: "HPG",
        reason: "input, ▼ opposite way; product, ▲ same way",
        label: "iron → HPG · input, ▼ opposite way; product, ▲ same way",
      },
    ]);
  });
  it("offers nothing for an empty graph", () => {
    expect(chainPairs({ nodes: [], edges: [] }, () => true)).toEqual([]);
  });
});
