import { beforeEach, describe, expect, it } from "vitest";
import { stepName } from "../../../src/engine/workflow/run-event.js";
import type { NodeId, RunId, WorkflowId } from "../../../src/engine/workflow/workflow-ids.js";
import { workflowOf } from "../../engine/workflow/run/sample-run.js";
import { MemoryEffects } from "../../support/workflow-effect-nodes.js";
import { memoryStores, WorkflowLab } from "../../support/workflow-lab.js";

const sketch = {
  nodes: {
    start: { type: "start" },
    many: { type: "many" },
    buy: { type: "order" },
    sum: { type: "add", parameters: { plus: 1 } },
    last: { type: "add", parameters: { plus: 10 } },
  },
  edges: ["start.value > many.values", "start.value > buy.values", "buy.done > sum.values", "sum.sum > last.values"],
  settings: { riskProfile: "small" },
};

describe("RunLauncher.rerun(runId, request)", () => {
  let lab: WorkflowLab;
  let effects: MemoryEffects;
  let id: WorkflowId;
  let first: RunId;
  beforeEach(async () => {
    effects = new MemoryEffects();
    lab = new WorkflowLab({ ...memoryStores(), effects });
    id = await lab.active(sketch);
    first = await lab.fire(id, "cron:start:1");
    await lab.drain();
  });

  /** Steps of the rerun, each with where its outputs come from. */
  const again = async (request: Parameters<typeof lab.launcher.rerun>[1]) => {
    const outcome = await lab.launcher.rerun(first, request);
    if (outcome.kind !== "queued") throw new Error(outcome.kind);
    await lab.drain();
    const run = await lab.run(outcome.runId);
    expect(run).toMatchObject({ status: "succeeded", rerun: { of: first } });
    const events = await lab.events(run.id);
    return Object.fromEntries(
      events.flatMap((event) => (event.kind === "step-succeeded" ? [[stepName(event), event.reused ?? "run"]] : [])),
    );
  };

  it("does a node and what follows it again, over that run's own data", async () => {
    expect(await again({ from: { nodeId: "sum" as NodeId } })).toEqual({
      start: "earlier-run",
      many: "earlier-run",
      buy: "earlier-run",
      sum: "run",
      last: "run",
    });
    expect(effects.placed).toHaveLength(1);
  });

  it("places no second order when the order's own node is done again", async () => {
    expect(await again({ from: { nodeId: "buy" as NodeId } })).toMatchObject({ many: "earlier-run", buy: "run" });
    expect(effects.placed).toHaveLength(2);
    expect(effects.orders.size).toBe(1);
  });

  it("does again what a newer revision changed, and what follows it", async () => {
    const changed = { ...sketch.nodes, sum: { type: "add", parameters: { plus: 2 } } };
    await lab.service.save(id, workflowOf({ ...sketch, nodes: changed }), { baseRevision: 1, note: "" });
    expect(await again({ from: "failed", revision: 2 })).toEqual({
      start: "earlier-run",
      many: "earlier-run",
      buy: "earlier-run",
      sum: "run",
      last: "run",
    });
  });

  it("begins from the start when the revision of that run is gone, with the keys it had", async () => {
    const changed = { ...sketch.nodes, sum: { type: "add", parameters: { plus: 2 } } };
    await lab.service.save(id, workflowOf({ ...sketch, nodes: changed }), { baseRevision: 1, note: "" });
    const stores = lab.options;
    const gone = {
      ...stores.workflows,
      revision: async (workflowId: WorkflowId, revision: number) =>
        revision === 1 ? undefined : stores.workflows.revision(workflowId, revision),
    };
    lab = new WorkflowLab({ ...stores, workflows: gone });
    const steps = await again({ from: "failed", revision: 2 });
    expect(Object.values(steps)).toEqual(Array(5).fill("run"));
    expect(effects.orders.size).toBe(1);
  });

  it("takes pinned data in the place of running a node", async () => {
    const pinned = { ...sketch.nodes, sum: { type: "add", pinned: { sum: { type: "number", value: 41 } } } };
    const workflowId = await lab.active({ ...sketch, nodes: pinned });
    const runId = await lab.fire(workflowId, "1");
    await lab.drain();
    const events = await lab.events(runId);
    const outputs = events.flatMap((event) =>
      event.kind === "step-succeeded" && (event.nodeId === "sum" || event.nodeId === "last")
        ? [[event.reused, event.outputs.sum]]
        : [],
    );
    expect(outputs).toEqual([
      ["pinned", { type: "number", value: 41 }],
      [undefined, { type: "number", value: 51 }],
    ]);
  });
});
