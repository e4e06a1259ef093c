import { describe, expect, it } from "vitest";
import { WorkbenchError } from "../../../../src/engine/errors.js";
import type { NodeHandler } from "../../../../src/engine/workflow/node-handler.js";
import type { NodeType } from "../../../../src/engine/workflow/node-type.js";
import { MemoryBroker, orderNodes } from "./order-nodes.js";
import { inputPort, nodeType, number, outputPort, type SampleNode } from "./sample-nodes.js";
import { beginRun, inShort, runSketch, type SampleOptions, type WorkflowSketch } from "./sample-run.js";
import { turn, VirtualClock } from "./virtual-clock.js";

function node(run: NodeHandler, options: Partial<NodeType> = {}): SampleNode {
  return {
    type: nodeType("it", {
      inputs: [inputPort("values", { takesMany: true, isRequired: false })],
      outputs: [outputPort("value"), outputPort("series", "series")],
      ...options,
    }),
    run,
  };
}

/** The node, with one after it. */
function around(
  data: Partial<WorkflowSketch["nodes"][string]> = {},
  settings: WorkflowSketch["settings"] = {},
): WorkflowSketch {
  return {
    nodes: { start: { type: "start" }, it: { type: "it", ...data }, next: { type: "add" } },
    edges: ["start.value > it.values", "it.value > next.values"],
    settings,
  };
}

const never: NodeHandler = () => new Promise(() => {});

async function afterMs(ms: number, sketch: WorkflowSketch, options: SampleOptions) {
  const run = beginRun(sketch, options);
  await run.clock.advance(ms);
  return { ...run, state: await run.finished };
}

describe("a node that never answers", () => {
  it("fails at its time limit, and what it gives later is dropped", async () => {
    let answer: () => void = () => {};
    let signal: AbortSignal | undefined;
    const late = node(async (_, __, context) => {
      signal = context.signal;
      await new Promise<void>((resolve) => (answer = resolve));
      return { outputs: { value: number(1) } };
    });
    const run = beginRun(around({ timeoutMs: 2_000 }), { nodes: [late] });
    await run.clock.advance(1_999);
    expect(inShort(run.journal.events).at(-1)).toBe("step-started it");
    await run.clock.advance(1);
    const state = await run.finished;
    const events = run.journal.lines.length;
    expect(signal?.aborted).toBe(true);
    expect(state.status).toBe("failed");
    expect(state.steps.get("it")).toMatchObject({ kind: "failed", code: "WORKFLOW_STEP_TIMEOUT" });
    expect(state.steps.get("next")).toMatchObject({ kind: "pruned", reason: "upstream-failed" });
    answer();
    await turn();
    expect(run.journal.lines.length).toBe(events);
    expect(run.clock.sleeping).toBe(0);
  });

  it("takes the time limit of its type when it has none of its own", async () => {
    const { state, clock } = await afterMs(500, around(), { nodes: [node(never, { timeoutMs: 500 })] });
    expect(state.steps.get("it")).toMatchObject({ code: "WORKFLOW_STEP_TIMEOUT" });
    expect(clock.nowMs()).toBe(state.finishedAtMs);
  });

  it("gives its place to others", async () => {
    const sketch = around({ timeoutMs: 1_000 }, { parallelNodes: 1, isDeterministic: false });
    const more = { ...sketch, nodes: { ...sketch.nodes, other: { type: "add" } } };
    const { state } = await afterMs(
      1_000,
      { ...more, edges: [...more.edges, "start.value > other.values"] },
      { nodes: [node(never)] },
    );
    expect(state.steps.get("other")).toMatchObject({ kind: "succeeded" });
  });
});

describe("retry", () => {
  const failsTimes = (times: number) => {
    let calls = 0;
    return node(async () => {
      if (++calls <= times) throw new WorkbenchError("FEED_REQUEST_FAILED", `failure ${calls}`);
      return { outputs: { value: number(calls) } };
    });
  };

  it.each([true, false])("waits twice as long each time (deterministic: %s)", async (isDeterministic) => {
    const sketch = around({ retry: { attempts: 4, backoffMs: 1_000 } }, { isDeterministic });
    const { state, journal } = await afterMs(7_000, sketch, { nodes: [failsTimes(3)] });
    const startedAtMs = state.startedAtMs!;
    const attempts = journal.events.flatMap((event) =>
      event.kind === "step-started" && event.nodeId === "it" ? [[event.attempt, event.atMs - startedAtMs]] : [],
    );
    expect(attempts).toEqual([
      [1, 0],
      [2, 1_000],
      [3, 3_000],
      [4, 7_000],
    ]);
    expect(state.steps.get("it")).toMatchObject({ kind: "succeeded", result: { attempt: 4 } });
  });

  it("waits at most five minutes", async () => {
    const sketch = around({ retry: { attempts: 3, backoffMs: 200_000 } }, { deadlineMs: 3_600_000 });
    const { journal } = await afterMs(500_000, sketch, { nodes: [failsTimes(2)] });
    const waits = journal.events.flatMap((event) =>
      event.kind === "attempt-failed" ? [event.retryAtMs - event.atMs] : [],
    );
    expect(waits).toEqual([200_000, 300_000]);
  });

  it("ends with the last failure when no attempt is left", async () => {
    const sketch = around({ retry: { attempts: 2, backoffMs: 10 } });
    const { state, journal } = await afterMs(10, sketch, { nodes: [failsTimes(9)] });
    expect(inShort(journal.events).filter((event) => event.includes("failed it"))).toEqual([
      "attempt-failed it: FEED_REQUEST_FAILED",
      "step-failed it: FEED_REQUEST_FAILED",
    ]);
    expect(state).toMatchObject({ status: "failed", message: "it: failure 2" });
  });

  it("tries a node that was too slow again", async () => {
    let calls = 0;
    const slowOnce = node((...call) => (++calls === 1 ? never(...call) : { outputs: { value: number(2) } }));
    const sketch = around({ timeoutMs: 100, retry: { attempts: 2, backoffMs: 50 } });
    const { state } = await afterMs(150, sketch, { nodes: [slowOnce] });
    expect(state.steps.get("it")).toMatchObject({ kind: "succeeded", result: { attempt: 2 } });
  });

  it("never touches what has an effect without a key", async () => {
    let posts = 0;
    const post = node(
      async () => {
        posts++;
        throw new WorkbenchError("FEED_REQUEST_FAILED", "no answer");
      },
      { effect: "unkeyed" },
    );
    const { state } = await runSketch(around({ retry: { attempts: 5, backoffMs: 1 } }), { nodes: [post] });
    expect(posts).toBe(1);
    expect(state.steps.get("it")).toMatchObject({ kind: "failed", attempt: 1 });
  });

  it("asks with the same key each time", async () => {
    const keys: string[] = [];
    const keyed = node(
      async (_, __, { idempotencyKey }) => {
        if (keys.push(idempotencyKey) < 3) throw new Error("the connection broke");
        return { outputs: {} };
      },
      { effect: "keyed" },
    );
    await afterMs(3, around({ retry: { attempts: 3, backoffMs: 1 } }), { nodes: [keyed] });
    expect(keys).toEqual(Array(3).fill("workflow-1:1:manual:1:it"));
  });

  it("goes on after a restart with the attempts and the time that are left", async () => {
    const sketch = around({ retry: { attempts: 2, backoffMs: 1_000 } });
    const first = beginRun(sketch, { nodes: [failsTimes(9)] });
    await first.clock.advance(400);
    const second = beginRun(sketch, { nodes: [failsTimes(9)], events: first.journal.events, clock: first.clock });
    await second.clock.advance(599);
    expect(second.journal.events).toEqual([]);
    await second.clock.advance(1);
    expect((await second.finished).steps.get("it")).toMatchObject({ kind: "failed", attempt: 2 });
  });
});

describe("what a node gives", () => {
  const series = (points: number) => ({
    type: "series" as const,
    value: { timesMs: new Float64Array(points), values: new Float64Array(points) },
  });

  it.each([
    ["nothing", undefined, "it gave no outputs"],
    ["no outputs", { value: 1 }, "it gave no outputs"],
    [
      "an output that its type does not have",
      { outputs: { other: number(1) } },
      "it gave an output other that it does not have",
    ],
    ["another type", { outputs: { value: series(1) } }, "it gave an output value that is a series (accepted: number)"],
    [
      "text for a number",
      { outputs: { value: { type: "number", value: "1" } } },
      "it gave an output value that is no number",
    ],
    [
      "columns of unequal length",
      { outputs: { series: { type: "series", value: { timesMs: new Float64Array(2), values: new Float64Array(1) } } } },
      "it gave an output series that has 2 instants and 1 values",
    ],
  ])("fails the step when it is %s", async (_, result, message) => {
    const { state } = await runSketch(around(), { nodes: [node(() => result as never)] });
    expect(state.steps.get("it")).toMatchObject({
      kind: "failed",
      code: "WORKFLOW_OUTPUT_INVALID",
      message: `invalid output: ${message}`,
    });
  });

  it("fails the step when it is above 32 MiB, such as 100 MB", async () => {
    const big = node(async () => ({ outputs: { series: series(6_250_000) } }));
    const { state, journal } = await runSketch(around({ retry: { attempts: 3, backoffMs: 1 } }), { nodes: [big] });
    expect(state.steps.get("it")).toMatchObject({ kind: "failed", code: "WORKFLOW_OUTPUT_TOO_LARGE", attempt: 1 });
    expect(journal.lines.join("").length).toBeLessThan(5_000);
  });

  it.each([
    [2_000, { kind: "succeeded" }],
    [2_001, { kind: "failed", code: "WORKFLOW_OUTPUT_TOO_LARGE", attempt: 1 }],
  ])("may be a table of %d columns: %j", async (count, step) => {
    const columns = Array.from({ length: count }, (_, i) => ({ name: `k${i}`, cells: [] }));
    const wide = node(() => ({ outputs: { table: { type: "table", value: { columns, rowCount: 0 } } } }), {
      outputs: [outputPort("value"), outputPort("table", "table")],
    });
    const { state } = await runSketch(around({ retry: { attempts: 3, backoffMs: 1 } }), { nodes: [wide] });
    expect(state.steps.get("it")).toMatchObject(step);
  });

  it("may be 32 MiB", async () => {
    const big = node(() => ({ outputs: { value: number(1), series: series(2_097_151) } }));
    const { state } = await runSketch(around(), { nodes: [big], journal: { append() {}, flush: async () => {} } });
    expect(state.status).toBe("succeeded");
  });
});

describe("cancellation", () => {
  it("tells nodes at work, begins no others, and says who asked", async () => {
    const cancel = new AbortController();
    const obedient = node(
      (_, __, { signal }) =>
        new Promise((__, reject) => signal.addEventListener("abort", () => reject(new Error("I was told to stop")))),
    );
    const run = beginRun(around(), { nodes: [obedient], cancellation: cancel.signal });
    await turn();
    cancel.abort("Mai");
    const state = await run.finished;
    expect(state).toMatchObject({ status: "cancelled", cancelledBy: "Mai" });
    expect(inShort(run.journal.events).slice(-4)).toEqual([
      "cancel-requested",
      "step-failed it: CANCELLED",
      "step-pruned next: upstream-failed because of it",
      "run-finished cancelled",
    ]);
  });

  it("waits a moment for an order that is on its way", async () => {
    const cancel = new AbortController();
    const broker = new MemoryBroker();
    const sketch = { nodes: { start: { type: "start" }, o: { type: "order" } }, edges: ["start.value > o.values"] };
    const run = beginRun(sketch, { nodes: orderNodes(broker), cancellation: cancel.signal });
    while (broker.orders.size === 0) await Promise.resolve();
    cancel.abort("Mai");
    const state = await run.finished;
    expect(state.steps.get("o")).toMatchObject({ kind: "succeeded" });
    expect(state.status).toBe("cancelled");
  });

  it("gives up what does not listen after five seconds", async () => {
    const cancel = new AbortController();
    const run = beginRun(around(), { nodes: [node(never)], cancellation: cancel.signal });
    await turn();
    cancel.abort("Mai");
    await run.clock.advance(4_999);
    expect(inShort(run.journal.events).at(-1)).toBe("cancel-requested");
    await run.clock.advance(1);
    expect((await run.finished).status).toBe("cancelled");
  });

  it("does not wait for the next attempt of a node", async () => {
    const cancel = new AbortController();
    const sketch = around({ retry: { attempts: 9, backoffMs: 60_000 } });
    const run = beginRun(sketch, { nodes: [node(() => Promise.reject(new Error("no")))], cancellation: cancel.signal });
    await turn();
    cancel.abort("Mai");
    expect((await run.finished).steps.get("it")).toMatchObject({ kind: "failed", code: "CANCELLED" });
    expect(run.clock.sleeping).toBe(0);
  });

  it("is not sure of what had no key and did not answer", async () => {
    const cancel = new AbortController();
    const run = beginRun(around(), { nodes: [node(never, { effect: "unkeyed" })], cancellation: cancel.signal });
    await turn();
    cancel.abort("Mai");
    await run.clock.advance(5_000);
    expect((await run.finished).steps.get("it")).toMatchObject({ code: "WORKFLOW_EFFECT_UNCERTAIN" });
  });

  it("before the beginning runs nothing", async () => {
    const { journal } = await runSketch(around(), { nodes: [node(never)], cancellation: AbortSignal.abort("Mai") });
    expect(inShort(journal.events)).toEqual(["run-started", "cancel-requested", "run-finished cancelled"]);
  });

  it("gets its turn while nodes compute without a pause", async () => {
    const cancel = new AbortController();
    const clock = new VirtualClock();
    const busy = node(() => {
      clock.jumpTo(clock.nowMs() + 10);
      return { outputs: { value: number(1) } };
    });
    const ids = Array.from({ length: 1_000 }, (_, i) => `n${i}`);
    const sketch = {
      nodes: { start: { type: "start" }, ...Object.fromEntries(ids.map((id) => [id, { type: "it" }])) },
      edges: ids.map((id) => `start.value > ${id}.values`),
    };
    setImmediate(() => cancel.abort("Mai"));
    const { state } = await runSketch(sketch, { nodes: [busy], clock, cancellation: cancel.signal });
    expect(state.status).toBe("cancelled");
    expect(state.steps.size).toBeLessThan(1_000);
  });

  it("outlives the worker that was asked", async () => {
    const first = beginRun(around(), { nodes: [node(never)] });
    await turn();
    const asked = {
      kind: "cancel-requested" as const,
      by: "Mai",
      sequence: first.journal.events.length,
      atMs: first.journal.events.at(-1)!.atMs,
    };
    const { state } = await runSketch(around(), { nodes: [node(never)], events: [...first.journal.events, asked] });
    expect(state.status).toBe("cancelled");
    expect(state.steps.get("it")).toMatchObject({ kind: "failed", code: "CANCELLED" });
  });
});

describe("a worker that gives its run up", () => {
  it("lets nodes at work end, and leaves the rest to another", async () => {
    const stop = new AbortController();
    let answer: () => void = () => {};
    const slow = node(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { outputs: { value: number(3) } };
    });
    const first = beginRun(around(), { nodes: [slow], signal: stop.signal });
    await turn();
    stop.abort();
    await turn();
    answer();
    const left = await first.finished;
    expect(left.status).toBe("running");
    expect(inShort(first.journal.events).at(-1)).toBe("step-succeeded it");
    const { state } = await runSketch(around(), { nodes: [slow], events: first.journal.events });
    expect(state).toMatchObject({ status: "succeeded" });
  });

  it("leaves the attempts that a failed node still has to another", async () => {
    const stop = new AbortController();
    let fail: () => void = () => {};
    let calls = 0;
    const fragile = node(async () => {
      if (++calls > 1) return { outputs: { value: number(calls) } };
      await new Promise<void>((_, reject) => {
        fail = () => reject(new Error("the connection broke"));
      });
      return { outputs: {} };
    });
    const sketch = around({ retry: { attempts: 2, backoffMs: 100 } });
    const first = beginRun(sketch, { nodes: [fragile], signal: stop.signal });
    await turn();
    stop.abort();
    fail();
    expect((await first.finished).steps.get("it")).toMatchObject({ kind: "retrying", failures: 1 });
    const { state } = await afterMs(100, sketch, { nodes: [fragile], events: first.journal.events });
    expect(state.steps.get("it")).toMatchObject({ kind: "succeeded", result: { attempt: 2 } });
  });

  it("leaves a node that does not end to be begun again", async () => {
    const stop = new AbortController();
    const first = beginRun(around(), { nodes: [node(never)], signal: stop.signal });
    await turn();
    stop.abort();
    await first.clock.advance(5_000);
    expect((await first.finished).steps.get("it")).toMatchObject({ kind: "running", attempt: 1 });
  });
});

describe("the deadline of a run", () => {
  it("ends it with what is at work", async () => {
    const sketch = around({ timeoutMs: 3_600_000 }, { deadlineMs: 10_000 });
    const { state, journal } = await afterMs(15_000, sketch, { nodes: [node(never)] });
    expect(state).toMatchObject({ status: "timed-out", message: "the deadline of the run, 10000 ms, has passed" });
    expect(state.finishedAtMs! - state.startedAtMs!).toBe(15_000);
    expect(inShort(journal.events)).toContain("step-failed it: WORKFLOW_STEP_TIMEOUT");
  });

  it("counts from the first beginning, however often the run is taken up", async () => {
    const sketch = around({ timeoutMs: 3_600_000 }, { deadlineMs: 10_000 });
    const first = beginRun(sketch, { nodes: [node(never)] });
    await turn();
    const clock = new VirtualClock(first.clock.nowMs() + 9_000);
    const second = beginRun(sketch, { nodes: [node(never)], events: first.journal.events, clock });
    await clock.advance(6_000);
    expect(await second.finished).toMatchObject({ status: "timed-out" });
  });
});

describe("a clock that is set back", () => {
  it("leaves times that never decrease, and time limits that hold", async () => {
    const clock = new VirtualClock();
    const beganAtMs = clock.nowMs();
    const slow = node(async () => {
      clock.jumpTo(beganAtMs - 3_600_000);
      return await new Promise(() => {});
    });
    const run = beginRun(around({ timeoutMs: 1_000 }), { nodes: [slow], clock });
    await clock.advance(1_000);
    const state = await run.finished;
    expect(state.steps.get("it")).toMatchObject({ code: "WORKFLOW_STEP_TIMEOUT" });
    expect(new Set(run.journal.events.map(({ atMs }) => atMs))).toEqual(new Set([beganAtMs]));
  });
});

describe("permissions", () => {
  const twoOrders: WorkflowSketch = {
    nodes: { start: { type: "start" }, one: { type: "order" }, two: { type: "order" }, g: { type: "gate" } },
    edges: ["start.value > one.values", "start.value > two.values", "start.value > g.values"],
    settings: { parallelNodes: 1 },
  };

  it("are asked for before each step: one that is lost meanwhile stops what needs it", async () => {
    const broker = new MemoryBroker();
    let asked = 0;
    const mayUse = async () => ++asked === 1;
    const { state } = await runSketch(twoOrders, { nodes: orderNodes(broker), mayUse });
    expect(broker.orders.size).toBe(1);
    expect(state.steps.get("two")).toMatchObject({ kind: "failed", code: "WORKFLOW_PERMISSION_LOST" });
    expect(state.steps.get("g")).toMatchObject({ kind: "succeeded" });
    expect(state.status).toBe("failed");
  });

  it("that nobody answers about are a step that takes too long", async () => {
    const broker = new MemoryBroker();
    const run = beginRun(twoOrders, { nodes: orderNodes(broker), mayUse: () => new Promise(() => {}) });
    await run.clock.advance(20_000);
    expect((await run.finished).steps.get("one")).toMatchObject({ kind: "failed", code: "WORKFLOW_STEP_TIMEOUT" });
    expect(broker.orders.size).toBe(0);
  });

  it("are not needed for a dry run of what has effects", async () => {
    const broker = new MemoryBroker();
    const { state } = await runSketch(twoOrders, {
      nodes: orderNodes(broker),
      mayUse: () => false,
      start: { mode: "dry-run" },
    });
    expect(state.status).toBe("succeeded");
    expect(broker.asked.size).toBe(0);
  });
});

describe("a journal that fails", () => {
  it.each([
    ["appending", { append: () => Promise.reject(new Error("disk full")), flush: async () => {} }],
    [
      "appending at once",
      {
        append: () => {
          throw new Error("disk full");
        },
        flush: async () => {},
      },
    ],
    ["flushing", { append() {}, flush: () => Promise.reject(new Error("disk full")) }],
  ])("when %s ends the execution, and no order is placed", async (_, journal) => {
    const broker = new MemoryBroker();
    const sketch = { nodes: { start: { type: "start" }, o: { type: "order" } }, edges: ["start.value > o.values"] };
    await expect(runSketch(sketch, { nodes: orderNodes(broker), journal })).rejects.toThrow("disk full");
    await turn();
    expect(broker.orders.size).toBe(0);
  });
});
