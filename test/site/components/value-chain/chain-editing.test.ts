import { describe, expect, it } from "vitest";
import { withChange } from "../../../../notebooks/components/value-chain/chain-editor.js";
import { fieldComplaints } from "../../../../notebooks/components/value-chain/field-complaints.js";
import type { ValueChainChanged } from "../../../../notebooks/contracts/value-chain.js";
import { edge, STEEL } from "./chain.js";

const NOTHING: ValueChainChanged = { revision: 2, nodes: [], edges: [], removedNodeIds: [], removedEdgeIds: [] };

describe("withChange(chain, changed)", () => {
  it("replaces an element of the same id in its place", () => {
    const changed = edge("coal", "steel", { sign: 0 });
    const { edges } = withChange(STEEL, { ...NOTHING, edges: [changed] });
    expect(edges).toEqual([STEEL.edges[0], changed, STEEL.edges[2]]);
  });

  it("puts new elements last and takes removed ones out", () => {
    const added = edge("rain", "mill");
    const { edges } = withChange(STEEL, { ...NOTHING, edges: [added], removedEdgeIds: [STEEL.edges[0]!.id] });
    expect(edges).toEqual([STEEL.edges[1], STEEL.edges[2], added]);
  });

  it("leaves the graph before as it was", () => {
    withChange(STEEL, { ...NOTHING, removedNodeIds: [STEEL.nodes[0]!.id] });
    expect(STEEL.nodes).toHaveLength(5);
  });
});

describe("fieldComplaints(message, fields)", () => {
  const FIELDS = ["rationale", "source", "sourceDate", "targetId"];

  it("gives each field of a refused graph its own complaint", () => {
    const message =
      'invalid value chain, 2 problems: edge a--b: invalid rationale: "" (accepted: one line); edge a--b: invalid targetId: a (accepted: a node other than the source)';
    expect(fieldComplaints(message, FIELDS)).toEqual({
      byField: new Map([
        ["rationale", "accepted: one line"],
        ["targetId", "accepted: a node other than the source"],
      ]),
      other: "",
    });
  });

  it("reads what the shape of a request lacks", () => {
    const message = "invalid request: change.edge.sourceDate: accepted: a day as YYYY-MM-DD";
    expect(fieldComplaints(message, FIELDS).byField).toEqual(
      new Map([["sourceDate", "accepted: a day as YYYY-MM-DD"]]),
    );
  });

  it("does not take sourceDate for source", () => {
    const { byField } = fieldComplaints('edge a--b: invalid sourceDate: "x" (accepted: a day)', FIELDS);
    expect([...byField.keys()]).toEqual(["sourceDate"]);
  });

  it("keeps what names no field", () => {
    expect(fieldComplaints("the disk is full", FIELDS)).toEqual({ byField: new Map(), other: "the disk is full" });
  });
});
