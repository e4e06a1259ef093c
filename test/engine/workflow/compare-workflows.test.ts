import { describe, expect, it } from "vitest";
import { compareWorkflows, isMove } from "../../../src/engine/workflow/compare-workflows.js";
import type { WorkflowDefinition } from "../../../src/engine/workflow/workflow-definition.js";
import { aNode, anEdge, aWorkflow } from "../../support/workflow-graphs.js";

const prices = aNode("p", "data.prices", { symbol: "HPG", count: 50 });
const average = aNode("s", "series.average", { window: 20 });
const [toPrices, toAverage] = [anEdge("t.fired", "p.run", "e1"), anEdge("p.close", "s.series", "e2")];
const before = aWorkflow([aNode("t", "trigger.manual"), prices, average], [toPrices, toAverage], {
  variables: { limit: 1 },
});

function changed(fields: Partial<WorkflowDefinition>): WorkflowDefinition {
  return { ...before, ...fields };
}

function withAverage(node: typeof average): WorkflowDefinition {
  return changed({ nodes: [...before.nodes.slice(0, 2), node] });
}

describe("compareWorkflows(before, after)", () => {
  it.each<[string, WorkflowDefinition]>([
    ["the same", structuredClone(before)],
    ["seen from elsewhere", changed({ viewport: { x: 5, y: 5, zoom: 2 } })],
    ["with keys in another order", withAverage(aNode("s", "series.average", { window: 20 }))],
  ])("is empty for a definition %s", (_, after) => {
    expect(compareWorkflows(before, after)).toEqual([]);
  });

  it.each<[string, WorkflowDefinition, readonly object[]]>([
    [
      "a parameter that changed, one that came and one that went",
      changed({ nodes: [before.nodes[0]!, aNode("p", "data.prices", { symbol: "FPT", from: 1 }), average] }),
      [
        { kind: "node-changed", nodeId: "p", field: "parameters.symbol", before: "HPG", after: "FPT" },
        { kind: "node-changed", nodeId: "p", field: "parameters.count", before: 50 },
        { kind: "node-changed", nodeId: "p", field: "parameters.from", after: 1 },
      ],
    ],
    [
      "another version, switched off, renamed",
      withAverage(aNode("s", "series.average", { window: 20 }, { version: 2, isDisabled: true, label: "slow" })),
      [
        { kind: "node-changed", nodeId: "s", field: "version", before: 1, after: 2 },
        { kind: "node-changed", nodeId: "s", field: "isDisabled", after: true },
        { kind: "node-changed", nodeId: "s", field: "label", after: "slow" },
      ],
    ],
    [
      "a retry and pinned data",
      withAverage(
        aNode("s", "series.average", { window: 20 }, { retry: { attempts: 2, backoffMs: 5 }, pinned: { series: 1 } }),
      ),
      [
        { kind: "node-changed", nodeId: "s", field: "retry.attempts", after: 2 },
        { kind: "node-changed", nodeId: "s", field: "retry.backoffMs", after: 5 },
        { kind: "node-changed", nodeId: "s", field: "pinned.series", after: 1 },
      ],
    ],
    [
      "a node with its edge taken away and another in its place",
      changed({
        nodes: [...before.nodes.slice(0, 2), aNode("x", "table.show")],
        edges: [toPrices, anEdge("p.table", "x.table", "e3")],
      }),
      [
        { kind: "node-added", nodeId: "x", node: aNode("x", "table.show") },
        { kind: "node-removed", nodeId: "s", node: average },
        { kind: "edge-added", edgeId: "e3", edge: anEdge("p.table", "x.table", "e3") },
        { kind: "edge-removed", edgeId: "e2", edge: toAverage },
      ],
    ],
    [
      "an edge that leads elsewhere",
      changed({ edges: [toPrices, anEdge("p.close", "s.run", "e2")] }),
      [{ kind: "edge-changed", edgeId: "e2", field: "targetHandle", before: "series", after: "run" }],
    ],
    [
      "name and settings",
      changed({
        name: "other",
        settings: { ...before.settings, seed: 2, riskProfile: "calm", variables: { limit: 2, stop: 3 } },
      }),
      [
        { kind: "setting-changed", field: "name", before: "test", after: "other" },
        { kind: "setting-changed", field: "settings.seed", before: 1, after: 2 },
        { kind: "setting-changed", field: "settings.variables.limit", before: 1, after: 2 },
        { kind: "setting-changed", field: "settings.riskProfile", after: "calm" },
        { kind: "setting-changed", field: "settings.variables.stop", after: 3 },
      ],
    ],
    [
      "edges in another order, which inputs that take many heed",
      changed({ edges: [toAverage, toPrices] }),
      [{ kind: "order-changed", of: "edges" }],
    ],
  ])("tells %s", (_, after, expected) => {
    expect(compareWorkflows(before, after)).toEqual(expected);
  });

  it("tells what only moved after what means something else", () => {
    const moved = changed({
      nodes: [before.nodes[0]!, { ...prices, position: { x: 7, y: 0 } }, aNode("s", "series.average", { window: 5 })],
    });
    const changes = compareWorkflows(before, moved);
    expect(changes.map(({ kind }) => kind)).toEqual(["node-changed", "node-moved"]);
    expect(changes.map(isMove)).toEqual([false, true]);
  });

  it("matches the second node of an id with the second", () => {
    const draft = changed({ nodes: [...before.nodes, { ...average, type: "table.show" }] });
    expect(compareWorkflows(draft, draft)).toEqual([]);
    expect(compareWorkflows(before, draft)).toMatchObject([{ kind: "node-added", nodeId: "s" }]);
  });
});
