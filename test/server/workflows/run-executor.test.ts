import { beforeEach, describe, expect, it, vi } from "vitest";
import { stepName } from "../../../src/engine/workflow/run-event.js";
import type { WorkflowId } from "../../../src/engine/workflow/workflow-ids.js";
import { MemoryEffects } from "../../support/workflow-effect-nodes.js";
import { aFiring, memoryStores, WorkflowLab } from "../../support/workflow-lab.js";

const QUICK = { leaseMs: 15_000, lookMs: 10, graceMs: 20 };
const NEVER = new AbortController().signal;

const order = (settings = {}) => ({
  nodes: { start: { type: "start" }, sum: { type: "add" }, buy: { type: "order" } },
  edges: ["start.value > sum.values", "sum.sum > buy.values"],
  settings: { riskProfile: "small", concurrency: "parallel" as const, ...settings },
});
const hanging = (settings = {}) => ({
  nodes: { start: { type: "start" }, hang: { type: "hang" } },
  edges: ["start.value > hang.values"],
  settings: { concurrency: "parallel" as const, ...settings },
});

describe("RunExecutor.execute(run, signal)", () => {
  let stores: ReturnType<typeof memoryStores>;
  let effects: MemoryEffects;
  let lab: WorkflowLab;
  beforeEach(() => {
    stores = memoryStores();
    effects = new MemoryEffects();
    lab = new WorkflowLab({ ...stores, effects, timing: QUICK });
  });
  const otherWorker = () => new WorkflowLab({ ...stores, effects, timing: QUICK, holder: "other" });

  it("runs the active revision of a workflow, and stores every event", async () => {
    const id = await lab.active(order());
    const runId = await lab.fire(id, "cron:start:1");
    await lab.drain();
    expect(await lab.run(runId)).toMatchObject({ status: "succeeded", revision: 1, code: undefined });
    expect((await lab.events(runId)).map(({ kind }) => kind)).toEqual([
      "run-started",
      ...Array(3).fill(["step-started", "step-succeeded"]).flat(),
      "run-finished",
    ]);
    expect([...effects.orders]).toEqual([`${id}:1:cron:start:1:buy`]);
  });

  it("places one order for a trigger that is delivered twice, to two workers", async () => {
    const id = await lab.active(order());
    const other = otherWorker();
    const [first, second] = await Promise.all([lab.fire(id, "cron:start:1"), other.fire(id, "cron:start:1")]);
    expect(second).toBe(first);
    const run = { runId: first, workflowId: id };
    await Promise.all([lab.executor.execute(run, NEVER), other.executor.execute(run, NEVER)]);
    expect(effects.placed).toHaveLength(1);
  });

  it("goes on at the last stored event when its worker gave it up", async () => {
    const id = await lab.active({
      ...hanging(),
      nodes: { start: { type: "start" }, buy: { type: "order" }, hang: { type: "hang" } },
      edges: ["start.value > buy.values", "buy.done > hang.values"],
      settings: { riskProfile: "small", concurrency: "parallel" },
    });
    const runId = await lab.fire(id, "1");
    const interruption = new AbortController();
    const interrupted = lab.drain(interruption.signal);
    await vi.waitFor(async () => expect((await lab.events(runId)).length).toBeGreaterThan(5));
    interruption.abort(new Error("the worker stops"));
    await expect(interrupted).rejects.toThrow("the worker stops");
    expect((await lab.run(runId)).status).toBe("running");

    const other = otherWorker();
    const goesOn = other.executor.execute({ runId, workflowId: id }, NEVER);
    await vi.waitFor(async () => expect((await stores.memory.runs.get(runId))!.fence).toBe(2));
    await stores.runs.cancel(runId, { by: "ana", nowMs: (await lab.run(runId)).createdAtMs });
    await goesOn;
    expect(await lab.run(runId)).toMatchObject({ status: "cancelled", cancelledBy: "ana" });
    expect(effects.placed).toHaveLength(1);
    expect((await lab.events(runId)).filter((event) => event.kind === "run-started")).toHaveLength(1);
  });

  it("appends nothing after another worker took its run", async () => {
    const id = await lab.active(hanging());
    const runId = await lab.fire(id, "1");
    const stale = lab.drain();
    await vi.waitFor(async () => expect(await lab.events(runId)).toHaveLength(4));
    stores.memory.runs.get(runId)!.leaseUntilMs = 0;
    const claim = await stores.runs.claim(runId, { holder: "other", leaseMs: 60_000, nowMs: aFiring("1").firedAtMs });
    expect(claim).toMatchObject({ kind: "claimed", lease: { fence: 2 } });
    await stale;
    expect(await lab.events(runId)).toHaveLength(4);
    expect((await lab.run(runId)).status).toBe("running");
  });

  it("cancels a run that another process cancelled, soon after", async () => {
    const id = await lab.active(hanging());
    const runId = await lab.fire(id, "1");
    const done = lab.drain();
    await vi.waitFor(async () => expect((await lab.run(runId)).status).toBe("running"));
    await stores.runs.cancel(runId, { by: "ana", nowMs: aFiring("1").firedAtMs });
    await done;
    expect(await lab.run(runId)).toMatchObject({ status: "cancelled", cancelledBy: "ana" });
    expect((await lab.events(runId)).at(-1)).toMatchObject({ kind: "run-finished", status: "cancelled" });
  });

  it("fails a run whose revision was deleted before it began", async () => {
    const id = await lab.active(order());
    const runId = await lab.fire(id, "1");
    stores.memory.revisions.set(id, []);
    await lab.drain();
    expect(await lab.run(runId)).toMatchObject({ status: "failed", code: "WORKFLOW_REVISION_MISSING" });
    expect(effects.placed).toEqual([]);
  });

  it("fails a run whose revision was deleted while it was given up, and ends its log", async () => {
    const id = await lab.active(hanging());
    const runId = await lab.fire(id, "1");
    const interruption = new AbortController();
    const interrupted = lab.drain(interruption.signal).catch(() => {});
    await vi.waitFor(async () => expect(await lab.events(runId)).toHaveLength(4));
    interruption.abort(new Error("the worker stops"));
    await interrupted;
    stores.memory.revisions.set(id, []);
    await otherWorker().executor.execute({ runId, workflowId: id }, NEVER);
    expect(await lab.run(runId)).toMatchObject({ status: "failed", code: "WORKFLOW_REVISION_MISSING" });
    expect((await lab.events(runId)).at(-1)).toMatchObject({ kind: "run-finished", status: "failed" });
  });

  it("fails the steps that need a permission when it is lost", async () => {
    const id = await lab.active(order());
    const runId = await lab.fire(id, "1");
    lab.forbidden.add("orders:write");
    await lab.drain();
    expect(await lab.run(runId)).toMatchObject({ status: "failed", code: "WORKFLOW_PERMISSION_LOST" });
    expect(effects.placed).toEqual([]);
  });

  it("leaves variables and states of nodes for the next run, except when dry", async () => {
    const id = await lab.active({
      nodes: { start: { type: "start" }, n: { type: "count" } },
      edges: ["start.value > n.values"],
      settings: { variables: { count: 40 } },
    });
    const outputs = async (mode: "live" | "dry-run") => {
      const { kind, ...outcome } = await lab.launcher.start(id, { mode, payload: null });
      expect(kind).toBe("queued");
      await lab.drain();
      const events = await lab.events((outcome as { runId: never }).runId);
      const ended = events.find((event) => event.kind === "step-succeeded" && stepName(event) === "n");
      return ended?.kind === "step-succeeded" && { count: ended.variables?.count, state: ended.nodeState };
    };
    expect(await outputs("live")).toEqual({ count: 41, state: { runs: 1 } });
    expect(await outputs("dry-run")).toEqual({ count: 42, state: { runs: 2 } });
    expect(await outputs("live")).toEqual({ count: 42, state: { runs: 2 } });
  });

  it("does nothing outside in a dry run", async () => {
    const id = await lab.active(order());
    await lab.launcher.start(id, { mode: "dry-run", payload: null });
    await lab.drain();
    expect(effects.placed).toEqual([]);
  });

  it("keeps large outputs beside the log, bit by bit", async () => {
    const id = await lab.active({
      nodes: { start: { type: "start" }, big: { type: "many" } },
      edges: ["start.value > big.values"],
    });
    const runId = await lab.fire(id, "1");
    await lab.drain();
    const texts = await stores.history.events(runId, { from: 0, limit: 10 });
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(4_000);
    const ended = (await lab.events(runId)).find((event) => event.kind === "step-succeeded" && event.nodeId === "big");
    const output = ended?.kind === "step-succeeded" ? ended.outputs.series : undefined;
    if (output?.type !== "series") throw new Error("it gave no series");
    const { value } = output;
    expect(value).toMatchObject({ symbol: "HPG", unit: "VND" });
    expect(value.values).toEqual(value.timesMs.map((_, i) => (i % 97 === 0 ? Number.NaN : Math.sin(i))));
  });

  it("lets runs of a workflow wait for one another, and skips where the policy says so", async () => {
    const queueing = await lab.active(hanging({ concurrency: "queue" }));
    const [first, second] = [await lab.fire(queueing, "1"), await lab.fire(queueing, "2")];
    expect(lab.queued.map(({ runId }) => runId)).toEqual([first]);
    const done = lab.drain();
    await vi.waitFor(async () => expect((await lab.run(first)).status).toBe("running"));
    await stores.runs.cancel(first, { by: "ana", nowMs: aFiring("1").firedAtMs });
    await vi.waitFor(async () => expect((await lab.run(second)).status).toBe("running"));
    await stores.runs.cancel(second, { by: "ana", nowMs: aFiring("1").firedAtMs });
    await done;

    const skipping = await lab.active(hanging({ concurrency: "skip" }));
    const at = await lab.fire(skipping, "1");
    expect(await lab.launcher.fire({ workflowId: skipping, facts: aFiring("2") })).toEqual({
      kind: "skipped",
      because: at,
    });
  });

  it("ends a run that was tried too often", async () => {
    const id = await lab.active(order());
    const runId = await lab.fire(id, "1");
    await lab.executor.giveUp({ runId, workflowId: id }, "the worker failed five times");
    expect(await lab.run(runId)).toMatchObject({
      status: "failed",
      code: "INTERNAL",
      message: "the worker failed five times",
    });
  });
});

describe("RunLauncher", () => {
  it("starts no inactive, unknown or invalid workflow", async () => {
    const lab = new WorkflowLab({ ...memoryStores(), effects: new MemoryEffects() });
    const { id } = await lab.service.create({ name: "draft", nodes: [], edges: [] });
    const workflowId = id as WorkflowId;
    await expect(lab.launcher.fire({ workflowId, facts: aFiring("1") })).rejects.toMatchObject({
      code: "WORKFLOW_INACTIVE",
    });
    await expect(lab.launcher.start(workflowId, { mode: "live", payload: null })).rejects.toMatchObject({
      code: "WORKFLOW_INVALID",
      details: { problems: [expect.objectContaining({ code: "TRIGGER_MISSING" })] },
    });
    const unknown = "00000000-0000-4000-8000-000000000000" as WorkflowId;
    await expect(lab.launcher.fire({ workflowId: unknown, facts: aFiring("1") })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
