import { describe, expect, it } from "vitest";
import { inputPort, nodeType, number, outputPort, type SampleNode } from "./sample-nodes.js";
import { inShort, runSketch, type WorkflowSketch } from "./sample-run.js";

const START_TO = (target: string) => `start.value > ${target}`;

/** `limit` 0 is below the value of the trigger, 5 above it. */
const above = (limit: number) => ({ type: "above", parameters: { limit } });

const table: readonly { readonly what: string; readonly sketch: WorkflowSketch; readonly pruned: readonly string[] }[] =
  [
    {
      what: "false at run",
      sketch: {
        nodes: { start: { type: "start" }, c: above(5), a: { type: "add" }, b: { type: "add" } },
        edges: [START_TO("c.value"), "c.yes > a.run", "a.sum > b.values"],
      },
      pruned: ["step-pruned a: condition-false because of c", "step-pruned b: upstream-pruned because of a"],
    },
    {
      what: "an inactive output",
      sketch: {
        nodes: { start: { type: "start" }, c: above(5), a: { type: "add" } },
        edges: [START_TO("c.value"), "c.value > a.values"],
      },
      pruned: ["step-pruned a: condition-false because of c"],
    },
    {
      what: "a failure upstream",
      sketch: {
        nodes: { start: { type: "start" }, f: { type: "fail" }, a: { type: "add" }, b: { type: "add" } },
        edges: [START_TO("f.values"), "f.sum > a.values", "a.sum > b.values"],
      },
      pruned: ["step-pruned a: upstream-failed because of f", "step-pruned b: upstream-pruned because of a"],
    },
    {
      what: "a disabled node",
      sketch: {
        nodes: { start: { type: "start" }, d: { type: "add", isDisabled: true }, a: { type: "add" } },
        edges: [START_TO("d.values"), "d.sum > a.values"],
      },
      pruned: ["step-pruned d: disabled because of d", "step-pruned a: upstream-pruned because of d"],
    },
    {
      what: "a failure before a condition, whichever edge comes first",
      sketch: {
        nodes: { start: { type: "start" }, c: above(5), f: { type: "fail" }, a: { type: "add" } },
        edges: [START_TO("c.value"), START_TO("f.values"), "c.value > a.values", "f.sum > a.values"],
      },
      pruned: ["step-pruned a: upstream-failed because of f"],
    },
    {
      what: "nothing, when one of several edges at run is true",
      sketch: {
        nodes: { start: { type: "start" }, no: above(5), yes: above(0), a: { type: "add" } },
        edges: [START_TO("no.value"), START_TO("yes.value"), "no.yes > a.run", "yes.yes > a.run"],
      },
      pruned: [],
    },
    {
      what: "nothing, when one of several values came",
      sketch: {
        nodes: { start: { type: "start" }, no: above(5), yes: above(0), a: { type: "add" } },
        edges: [START_TO("no.value"), START_TO("yes.value"), "no.value > a.values", "yes.value > a.values"],
      },
      pruned: [],
    },
    {
      what: "nothing, when the port takes absence",
      sketch: {
        nodes: { start: { type: "start" }, c: above(5), g: { type: "gate" } },
        edges: [START_TO("c.value"), "c.value > g.values"],
      },
      pruned: [],
    },
  ];

describe("pruning", () => {
  it.each(table)("comes of $what", async ({ sketch, pruned }) => {
    const { journal } = await runSketch(sketch);
    expect(inShort(journal.events).filter((event) => event.startsWith("step-pruned"))).toEqual(pruned);
  });

  it("hands the reason of the node on, for people", async () => {
    const { state } = await runSketch({
      nodes: { start: { type: "start" }, c: above(5), a: { type: "add" } },
      edges: [START_TO("c.value"), "c.value > a.values"],
    });
    expect(state.steps.get("a")).toMatchObject({ kind: "pruned", note: "1 is not above 5" });
  });

  it.each([
    { onError: "fail" as const, status: "failed", message: "f: it always fails" },
    { onError: "prune" as const, status: "succeeded", message: undefined },
  ])("after a failure with onError $onError leaves a run that $status", async ({ onError, status, message }) => {
    const { state } = await runSketch({
      nodes: { start: { type: "start" }, f: { type: "fail", onError }, a: { type: "add" } },
      edges: [START_TO("f.values"), "f.sum > a.values"],
    });
    expect(state).toMatchObject({ status, message });
    expect(state.steps.get("a")).toMatchObject({ kind: "pruned", reason: "upstream-failed" });
  });

  it("reaches the end of ten thousand nodes", async () => {
    const nodes: Record<string, { type: string; parameters?: { limit: number } }> = {
      start: { type: "start" },
      n0: above(5),
    };
    const edges = [START_TO("n0.value")];
    for (let i = 1; i < 10_000; i++) {
      nodes[`n${i}`] = { type: "add" };
      edges.push(`n${i - 1}.${i === 1 ? "value" : "sum"} > n${i}.values`);
    }
    const { state } = await runSketch({ nodes, edges });
    expect(state.steps.get("n9999")).toMatchObject({ kind: "pruned", because: "n9998" });
  });
});

describe("a gate", () => {
  const sketch: WorkflowSketch = {
    nodes: {
      start: { type: "start" },
      late: { type: "late" },
      no: above(5),
      f: { type: "fail", onError: "prune" },
      g: { type: "gate" },
    },
    edges: [
      START_TO("late.value"),
      START_TO("no.value"),
      START_TO("f.values"),
      "late.value > g.values",
      "no.value > g.values",
      "f.sum > g.values",
      START_TO("g.values"),
    ],
    settings: { isDeterministic: false },
  };

  it("waits for every input, runs once, and knows how many brought nothing", async () => {
    let calls = 0;
    let answer: (value: number) => void = () => {};
    const late: SampleNode = {
      type: nodeType("late", { inputs: [inputPort("value")], outputs: [outputPort("value")] }),
      run: async () => {
        calls++;
        return { outputs: { value: number(await new Promise<number>((resolve) => (answer = resolve))) } };
      },
    };
    setImmediate(() => setImmediate(() => answer(41)));
    const { state, journal } = await runSketch(sketch, { nodes: [late] });
    expect(calls).toBe(1);
    expect(inShort(journal.events).filter((event) => event.endsWith(" g"))).toEqual([
      "step-started g",
      "step-succeeded g",
    ]);
    expect(state.steps.get("g")).toMatchObject({ result: { outputs: { sum: number(42), missing: number(2) } } });
  });
});
