import { describe, expect, it } from "vitest";
import type { Inputs } from "../../../../src/engine/workflow/node-handler.js";
import { leftoversOf } from "../../../../src/engine/workflow/run-state.js";
import { inputPort, nodeType, number, outputPort, type SampleNode, truth } from "./sample-nodes.js";
import { inShort, runSketch } from "./sample-run.js";

describe("a connection between a signal and a boolean", () => {
  it.each([
    { given: "signal", taken: "boolean", values: [true] },
    { given: "boolean", taken: "signal", values: [{ isActive: false, reason: "false" }] },
    { given: "boolean", taken: "boolean", values: [false] },
  ] as const)("hands a $given to a $taken", async ({ given, taken, values }) => {
    const seen: Inputs[] = [];
    const source: SampleNode = {
      type: nodeType("source", { outputs: [outputPort("out", given)] }),
      run: () => ({
        outputs: {
          out: given === "boolean" ? truth(false) : { type: "signal", value: { isActive: true, reason: "x" } },
        },
      }),
    };
    const sink: SampleNode = {
      type: nodeType("sink", { inputs: [inputPort("in", { accepts: [taken] })] }),
      run: (_, inputs) => {
        seen.push(inputs);
        return { outputs: {} };
      },
    };
    await runSketch(
      {
        nodes: { start: { type: "start" }, a: { type: "source" }, b: { type: "sink" } },
        edges: ["start.fired > a.run", "a.out > b.in"],
      },
      { nodes: [source, sink] },
    );
    expect(seen[0]!.in!.map(({ value }) => value)).toEqual(values.map((value) => ({ type: taken, value })));
  });
});

describe("pinned outputs", () => {
  const sketch = (pinned: Record<string, unknown>) => ({
    nodes: { start: { type: "start" }, f: { type: "fail", pinned: pinned as never }, a: { type: "add" } },
    edges: ["start.value > f.values", "f.sum > a.values"],
  });

  it("stand in for running the node", async () => {
    const { state, journal } = await runSketch(sketch({ sum: { type: "number", value: 41 } }));
    expect(inShort(journal.events)).not.toContain("step-started f");
    expect(state.steps.get("f")).toMatchObject({ result: { reused: "pinned" } });
    expect(state.steps.get("a")).toMatchObject({ result: { outputs: { sum: number(42) } } });
  });

  it.each([
    ["another port", { other: { type: "number", value: 1 } }],
    ["another type", { sum: { type: "text", value: "1" } }],
    ["no value", { sum: 1 }],
  ])("of %s fail the step", async (_, pinned) => {
    const { state } = await runSketch(sketch(pinned));
    expect(state.steps.get("f")).toMatchObject({ kind: "failed", code: "WORKFLOW_OUTPUT_INVALID" });
  });
});

describe("what a run leaves for the next", () => {
  const counter: SampleNode = {
    type: nodeType("counter", {
      inputs: [inputPort("after", { isRequired: false })],
      outputs: [outputPort("total")],
    }),
    run: (_, __, { nodeState, variables, node }) => {
      const count = ((nodeState as number | undefined) ?? 0) + 1;
      const total = variables.total as number;
      return {
        outputs: { total: number(total) },
        nodeState: count,
        variables: { total: total + count, last: node.id },
      };
    },
  };

  it("stands in its events and is not seen before: variables and states are those of the beginning", async () => {
    const sketch = {
      nodes: { start: { type: "start" }, a: { type: "counter" }, constructor: { type: "counter" } },
      edges: ["start.fired > a.run", "a.total > constructor.after"],
    };
    const { state } = await runSketch(sketch, {
      nodes: [counter],
      start: { variables: { total: 10 }, nodeStates: { a: 4 } },
    });
    expect(state.steps.get("a")).toMatchObject({ result: { nodeState: 5, variables: { total: 15, last: "a" } } });
    expect(state.steps.get("constructor")).toMatchObject({ result: { outputs: { total: number(10) } } });
    expect(leftoversOf(state)).toEqual({
      nodeStates: { a: 5, constructor: 1 },
      variables: { total: 11, last: "constructor" },
    });
  });
});
