import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type RunStreamMessage, runStreamMessageSchema } from "../../../src/contracts/workflow-api.js";
import type { WorkflowId } from "../../../src/engine/workflow/workflow-ids.js";
import { RunStream } from "../../../src/server/workflows/run-stream.js";
import { silentLogger } from "../../support/silent-logger.js";
import { MemoryEffects } from "../../support/workflow-effect-nodes.js";
import { memoryStores, WorkflowLab } from "../../support/workflow-lab.js";

describe("RunStream", () => {
  let lab: WorkflowLab;
  let stream: RunStream;
  let id: WorkflowId;
  let heard: RunStreamMessage[];
  let isFull: boolean;
  const listener = {
    hasRoom: () => !isFull,
    send: (message: object) => heard.push(runStreamMessageSchema.parse(message)),
  };
  beforeEach(async () => {
    const stores = memoryStores();
    lab = new WorkflowLab({ ...stores, effects: new MemoryEffects() });
    stream = new RunStream(stores.history, silentLogger());
    heard = [];
    isFull = false;
    id = await lab.active({
      nodes: { start: { type: "start" }, a: { type: "pause" } },
      edges: ["start.value > a.values"],
    });
  });
  afterEach(() => stream.close());
  const heardEvents = () => heard.flatMap((message) => (message.type === "run" ? message.events : []));

  it("brings every event of a run once, in order, to those who come before, during and after it", async () => {
    const runId = await lab.fire(id, "1");
    stream.listen(`run:${runId}`, listener);
    await lab.drain();
    await vi.waitFor(() => expect(heardEvents().at(-1)?.kind).toBe("run-finished"));
    expect(heardEvents().map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5]);
    heard = [];
    stream.listen(`run:${runId}`, listener);
    await vi.waitFor(() => expect(heardEvents()).toHaveLength(6));
  });

  it("keeps events for a listener without room", async () => {
    isFull = true;
    const runId = await lab.fire(id, "1");
    stream.listen(`run:${runId}`, listener);
    await lab.drain();
    isFull = false;
    await vi.waitFor(() => expect(heardEvents()).toHaveLength(6));
  });

  it("tells of runs that begin to wait and end, after it was listened to", async () => {
    const earlier = await lab.fire(id, "earlier");
    await lab.drain();
    stream.listen("runs", listener);
    await vi.waitFor(async () => {
      const runId = await lab.fire(id, `later ${heard.length}`);
      await lab.drain();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const told = heard.flatMap((message) => (message.type === "runs" ? message.runs : []));
      expect(told).toContainEqual(expect.objectContaining({ id: runId, status: "succeeded" }));
      expect(told.map((run) => run.id)).not.toContain(earlier);
    }, 5_000);
  });

  it("knows its channels", () => {
    expect(["runs", `run:${crypto.randomUUID()}`].map((channel) => stream.has(channel))).toEqual([true, true]);
    expect(["run:", "run:1", "market:HPG", "runs:1"].map((channel) => stream.has(channel))).toEqual(
      Array(4).fill(false),
    );
  });
});
