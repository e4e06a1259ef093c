import { describe, expect, it } from "vitest";
import { connectionProblem } from "../../../../notebooks/components/workflow/document/connection-rules.js";
import type { WorkflowDefinition } from "../../../../notebooks/engine/workflow/workflow-definition.js";
import type { NodeId } from "../../../../notebooks/engine/workflow/workflow-ids.js";
import { CATALOGUE, edge, node, smallWorkflow } from "./small-workflow.js";

const inLoop = { parentId: "loop" as NodeId };

function withLoop(): WorkflowDefinition {
  const small = smallWorkflow();
  return {
    ...small,
    nodes: [
      ...small.nodes,
      node("loop", "loop.universe", 0, 400, { width: 500, height: 300 }),
      node("within", "data.candles", 40, 60, inLoop),
      node("average", "indicator.sma", 260, 60, inLoop),
      node("group", "group", 0, 900),
      node("grouped", "indicator.sma", 10, 10, { parentId: "group" as NodeId }),
    ],
  };
}

function problem(from: string, to: string, definition = withLoop()) {
  const { id: _, ...connection } = edge("new", from, to);
  return connectionProblem(definition, CATALOGUE, connection);
}

describe("connectionProblem(definition, catalogue, connection)", () => {
  it.each([
    ["equal types", "candles.high", "fast.series"],
    ["a signal where a signal runs a node", "start.fired", "fast.run"],
    ["within one loop", "within.close", "average.series"],
    ["from outside into a loop", "candles.close", "average.series"],
  ])("allows %s", (_, from, to) => {
    expect(problem(from, to)).toBeUndefined();
  });

  it("takes groups for frames that change nothing", () => {
    expect(problem("candles.close", "grouped.series")).toBeUndefined();
    expect(problem("grouped.series", "slow.series")).toBeUndefined();
  });

  it("says which types would fit", () => {
    expect(problem("start.fired", "fast.series")).toBe("“series” takes series; “fired” gives signal.");
  });

  it("refuses circles, of one node and of several", () => {
    expect(problem("fast.series", "fast.series")).toMatch(/cannot feed itself/);
    const chained = { ...withLoop(), edges: [...withLoop().edges, edge("e4", "fast.series", "grouped.series")] };
    expect(problem("grouped.series", "fast.series", chained)).toMatch(/circle/);
  });

  it("lets nothing out of a loop but through Collect", () => {
    expect(problem("average.series", "fast.series")).toMatch(/Collect/);
  });

  it("refuses ports and nodes that are not there", () => {
    expect(problem("candles.nothing", "fast.series")).toMatch(/output, on the right/);
    expect(problem("nobody.close", "fast.series")).toMatch(/gone/);
  });
});
