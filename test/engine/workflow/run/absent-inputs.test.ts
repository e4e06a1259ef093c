import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import { NODE_CATALOGUE } from "../../../../src/engine/workflow/node-catalogue.js";
import { implementationKey } from "../../../../src/engine/workflow/node-handler.js";
import { NODE_IMPLEMENTATIONS } from "../../../../src/engine/workflow/node-implementations.js";
import type { InputPort } from "../../../../src/engine/workflow/node-type.js";
import { nodeType, outputPort, type SampleNode } from "./sample-nodes.js";
import { runSketch, type WorkflowSketch } from "./sample-run.js";

const REAL_NODES: readonly SampleNode[] = NODE_CATALOGUE.types.flatMap((type) => {
  const implementation = NODE_IMPLEMENTATIONS.get(implementationKey(type.id, type.version));
  return implementation ? [{ type, ...implementation }] : [];
});

const PORTS = NODE_CATALOGUE.types.flatMap(({ id, inputs }) =>
  inputs.map((port): [string, string, InputPort] => [id, port.name, port]),
);
const TAKING_ABSENCE = ["logic.and", "logic.or", "logic.merge", "logic.debounce", "logic.delay", "value.first"];

describe("a connected input whose edges bring nothing", () => {
  it.each(PORTS)("of %s, %s, does as its port says", async (type, name, { accepts, whenPruned }) => {
    const source: SampleNode = {
      type: nodeType("source", { outputs: [outputPort("value", accepts[0]!)] }),
      run: () => ({ outputs: {} }),
    };
    const nodes = { start: { type: "start" }, source: { type: "source", isDisabled: true }, node: { type } };
    const sketch = { nodes, edges: ["start.fired > source.run", `source.value > node.${name}`] };
    const { state } = await runSketch(sketch, { nodes: [...REAL_NODES, source] });
    expect(state.steps.get("node")?.kind).toBe(whenPruned === "absent" ? "succeeded" : "pruned");
  });

  it("prunes every node but the gates that wait for all, and where it is optional, too", () => {
    const taking = PORTS.filter(([, , { whenPruned }]) => whenPruned === "absent");
    expect(new Set(taking.map(([type]) => type))).toEqual(new Set(TAKING_ABSENCE));
    expect(taking.filter(([, , { isRequired }]) => !isRequired)).toEqual([]);
  });
});

describe("a gate behind what failed", () => {
  const failing: SampleNode = {
    type: nodeType("failing", { outputs: [outputPort("value", "boolean")] }),
    run: () => {
      throw new Error("no answer");
    },
  };
  const nodes = {
    start: { type: "start" },
    feed: { type: "failing" },
    behind: { type: "logic.not" },
    node: { type: "logic.or" },
    turned: { type: "logic.not" },
  };

  it.each([
    ["just before it", ["feed.value > node.conditions"]],
    ["one step before", ["feed.value > behind.condition", "behind.result > node.conditions"]],
  ])("does not take a failure %s for false", async (_, edges) => {
    const sketch = { nodes, edges: ["start.fired > feed.run", ...edges, "node.result > turned.condition"] };
    const { state } = await runSketch(sketch, { nodes: [...REAL_NODES, failing] });
    expect(state.steps.get("node")).toMatchObject({ kind: "pruned", reason: expect.stringMatching(/^upstream-/) });
    expect(state.steps.get("turned")?.kind).toBe("pruned");
  });
});

describe("behind a branch that is pruned every third day", () => {
  const branch = {
    start: { type: "trigger.manual" },
    open: { type: "logic.condition", parameters: { condition: "vars.day % 3 < 2" } },
    yes: { type: "value.boolean", parameters: { value: true } },
  };
  const edges = ["start.fired > open.run", "open.result > yes.run"];

  /** Of nine days, on which a port of the node gave something; each run gets what the node left in the one before. */
  async function daysOf(port: string, sketch: WorkflowSketch): Promise<number[]> {
    const days: number[] = [];
    let nodeStates: Readonly<Record<string, JsonValue>> = {};
    for (let day = 0; day < 9; day++) {
      const { state } = await runSketch(sketch, { nodes: REAL_NODES, start: { variables: { day }, nodeStates } });
      expect(state.steps.get("yes")?.kind).toBe(day % 3 < 2 ? "succeeded" : "pruned");
      const step = state.steps.get("node");
      if (step?.kind !== "succeeded") continue;
      if (step.result.nodeState !== undefined) nodeStates = { ...nodeStates, node: step.result.nodeState };
      if (step.result.outputs[port]) days.push(day);
    }
    return days;
  }

  it.each([
    { what: "a debounce begins anew", type: "logic.debounce", parameters: { runs: 2, once: true }, days: [1, 4, 7] },
    { what: "a longer debounce never passes", type: "logic.debounce", parameters: { runs: 3 }, days: [] },
    { what: "a delay moves the gap", type: "logic.delay", parameters: { runs: 1 }, days: [1, 2, 4, 5, 7, 8] },
    { what: "a merge has nothing to pass", type: "logic.merge", parameters: {}, days: [0, 1, 3, 4, 6, 7] },
  ])("$what", async ({ type, parameters, days }) => {
    const input = type === "logic.merge" ? "signals" : "signal";
    const sketch = { nodes: { ...branch, node: { type, parameters } }, edges: [...edges, `yes.value > node.${input}`] };
    expect(await daysOf("passed", sketch)).toEqual(days);
  });

  it.each(["logic.and", "logic.or"])("%s says false, so that its opposite runs", async (type) => {
    const nodes = {
      ...branch,
      all: { type },
      not: { type: "logic.not" },
      node: { type: "value.number", parameters: { value: 1 } },
    };
    const behind = ["yes.value > all.conditions", "all.result > not.condition", "not.result > node.run"];
    expect(await daysOf("value", { nodes, edges: [...edges, ...behind] })).toEqual([2, 5, 8]);
  });
});
