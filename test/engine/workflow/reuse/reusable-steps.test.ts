import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reusableSteps } from "../../../../src/engine/workflow/reusable-steps.js";
import { stepName } from "../../../../src/engine/workflow/run-event.js";
import { planWorkflow } from "../../../../src/engine/workflow/workflow-plan.js";
import { endOf } from "../run/end-of-run.js";
import { MemoryBroker, orderNodes } from "../run/order-nodes.js";
import { randomSketch } from "../run/random-workflow.js";
import {
  catalogueOf,
  inputPort,
  nodeType,
  number,
  outputPort,
  SAMPLE_NODES,
  type SampleNode,
} from "../run/sample-nodes.js";
import { runSketch, type WorkflowSketch, workflowOf } from "../run/sample-run.js";

/** Fails until it is repaired. */
function fragile(isRepaired: () => boolean): SampleNode {
  return {
    type: nodeType("fragile", {
      inputs: [
        inputPort("values", { takesMany: true, isRequired: false }),
        inputPort("text", { accepts: ["text"], isRequired: false }),
      ],
      outputs: [outputPort("value")],
    }),
    run: (_, { text }) => {
      const isBad = text === undefined || text[0]!.value.value === "VNM";
      if (isBad && !isRepaired()) throw new Error("it is broken");
      return { outputs: { value: number(5) } };
    },
  };
}

const SKETCH: WorkflowSketch = {
  nodes: {
    start: { type: "start" },
    a: { type: "add" },
    b: { type: "add" },
    f: { type: "fragile" },
    c: { type: "add" },
    no: { type: "above", parameters: { limit: 9 } },
    never: { type: "add" },
    g: { type: "gate" },
  },
  edges: [
    "start.value > a.values",
    "a.sum > b.values",
    "a.sum > f.values",
    "f.value > c.values",
    "start.value > no.value",
    "no.value > never.values",
    "never.sum > g.values",
    "b.sum > g.values",
  ],
};

function planOf(sketch: WorkflowSketch, nodes: readonly SampleNode[]) {
  return planWorkflow(workflowOf(sketch), catalogueOf([...nodes, ...SAMPLE_NODES]));
}

async function failedRun(sketch: WorkflowSketch = SKETCH) {
  const nodes = [fragile(() => false)];
  const { state, plan } = await runSketch(sketch, { nodes });
  return { nodes, earlier: { state, plan } };
}

const names = (steps: readonly { nodeId: string; item?: string }[]) => steps.map((step) => stepName(step as never));

describe("reusableSteps({ earlier, plan, mode, from })", () => {
  it("takes what succeeded, and neither what failed nor what was pruned", async () => {
    const { earlier } = await failedRun();
    const reused = reusableSteps({ earlier, plan: earlier.plan, mode: "live" });
    expect(names(reused)).toEqual(["start", "a", "no", "b", "g"]);
    expect(new Set(reused.map((step) => step.reused))).toEqual(new Set(["earlier-run"]));
  });

  it("takes nothing from a node on", async () => {
    const { earlier } = await failedRun();
    const from = (id: string) => names(reusableSteps({ earlier, plan: earlier.plan, mode: "live", from: id as never }));
    expect(from("b")).toEqual(["start", "a", "no"]);
    expect(from("start")).toEqual([]);
    expect(() => from("x")).toThrow("no node has the id x");
  });

  const changes: readonly [string, (sketch: WorkflowSketch) => WorkflowSketch, readonly string[]][] = [
    [
      "a parameter",
      (s) => ({ ...s, nodes: { ...s.nodes, b: { type: "add", parameters: { plus: 3 } } } }),
      ["start", "a", "no"],
    ],
    [
      "a parameter to its default",
      (s) => ({ ...s, nodes: { ...s.nodes, b: { type: "add", parameters: { plus: 1 } } } }),
      ["start", "a", "no", "b", "g"],
    ],
    ["an edge", (s) => ({ ...s, edges: [...s.edges, "start.value > b.values"] }), ["start", "a", "no"]],
    ["the type", (s) => ({ ...s, nodes: { ...s.nodes, b: { type: "gate" } } }), ["start", "a", "no"]],
    [
      "a pin",
      (s) => ({ ...s, nodes: { ...s.nodes, a: { type: "add", pinned: { sum: { type: "number", value: 1 } } } } }),
      ["start", "no"],
    ],
    [
      "whether it is disabled",
      (s) => ({ ...s, nodes: { ...s.nodes, never: { type: "add", isDisabled: true } } }),
      ["start", "a", "no", "b"],
    ],
    [
      "its label alone",
      (s) => ({ ...s, nodes: { ...s.nodes, b: { type: "add", label: "B" } } }),
      ["start", "a", "no", "b", "g"],
    ],
    [
      "a node that is new",
      (s) => ({ nodes: { ...s.nodes, z: { type: "add" } }, edges: [...s.edges, "b.sum > z.values"] }),
      ["start", "a", "no", "b", "g"],
    ],
  ];

  it.each(changes)("of a newer revision, judges %s", async (_, change, expected) => {
    const { earlier, nodes } = await failedRun();
    expect(names(reusableSteps({ earlier, plan: planOf(change(SKETCH), nodes), mode: "live" }))).toEqual(expected);
  });

  it("takes of a loop the items that succeeded, and the whole when all did", async () => {
    const loop: WorkflowSketch = {
      nodes: {
        start: { type: "start" },
        loop: { type: "loop.universe", parameters: { symbols: ["HPG", "VNM"] } },
        f: { type: "fragile", inside: "loop" },
        collect: { type: "loop.collect", inside: "loop" },
        after: { type: "gate" },
      },
      edges: [
        "start.value > loop.values",
        "loop.item > f.text",
        "f.value > collect.value",
        "start.value > after.values",
      ],
    };
    const { earlier, nodes } = await failedRun(loop);
    const reused = reusableSteps({ earlier, plan: earlier.plan, mode: "live" });
    expect(names(reused)).toEqual(["start", "after", "f[HPG]", "collect[HPG]"]);

    const { state, journal, plan } = await runSketch(loop, { nodes: [fragile(() => true)], reused });
    expect(journal.events.flatMap((event) => (event.kind === "step-started" ? names([event]) : []))).toEqual([
      "loop",
      "f[VNM]",
      "collect[VNM]",
    ]);
    expect(state.status).toBe("succeeded");
    expect(names(reusableSteps({ earlier: { state, plan }, plan, mode: "live" }))).toEqual(["start", "after", "loop"]);
    expect(nodes).toHaveLength(1);
  });

  it("does not take previews for what they show", async () => {
    const nodes = orderNodes(new MemoryBroker());
    const sketch = {
      nodes: { start: { type: "start" }, a: { type: "add" }, o: { type: "order" } },
      edges: ["start.value > a.values", "a.sum > o.values"],
    };
    const { state, plan } = await runSketch(sketch, { nodes, start: { mode: "dry-run" } });
    expect(names(reusableSteps({ earlier: { state, plan }, plan, mode: "live" }))).toEqual(["start", "a"]);
    expect(names(reusableSteps({ earlier: { state, plan }, plan, mode: "dry-run" }))).toEqual(["start", "a", "o"]);
  });
});

describe("a rerun", () => {
  it("from what failed runs that and what follows, and places no order again", async () => {
    const broker = new MemoryBroker();
    let isRepaired = false;
    const nodes = [...orderNodes(broker), fragile(() => isRepaired)];
    const sketch: WorkflowSketch = {
      nodes: { start: { type: "start" }, o: { type: "order" }, f: { type: "fragile" }, last: { type: "order" } },
      edges: ["start.value > o.values", "start.value > f.values", "f.value > last.values"],
    };
    const { state, plan } = await runSketch(sketch, { nodes });
    isRepaired = true;
    const reused = reusableSteps({ earlier: { state, plan }, plan, mode: "live" });
    const { state: again } = await runSketch(sketch, { nodes, reused });
    expect(again.status).toBe("succeeded");
    expect([...broker.asked.values()]).toEqual([1, 1]);
  });

  it("of an unchanged workflow comes to the same from every node", async () => {
    await fc.assert(
      fc.asyncProperty(randomSketch, fc.nat(), async (sketch, pick) => {
        const { state, plan } = await runSketch(sketch);
        const from = pick % 3 === 0 ? undefined : plan.nodes[pick % plan.nodes.length]!.node.id;
        const reused = reusableSteps({
          earlier: { state, plan },
          plan,
          mode: "live",
          ...(from === undefined ? {} : { from }),
        });
        for (const { nodeId } of reused) expect(nodeId).not.toBe(from);
        const again = await runSketch(sketch, { reused });
        const withoutBody = (end: unknown) => {
          const { steps, ...rest } = end as { steps: [string, ...unknown[]][] };
          const bodies = new Set(plan.nodes.flatMap(({ node, loop }) => (loop < 0 ? [] : [node.id as string])));
          return { ...rest, steps: steps.filter(([name]) => !bodies.has(name.replace(/\[.*/, ""))) };
        };
        expect(withoutBody({ ...(endOf(again.state) as object), message: "" })).toEqual(
          withoutBody({ ...(endOf(state) as object), message: "" }),
        );
      }),
      { numRuns: 80 },
    );
  });
});
