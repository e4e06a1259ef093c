import { executeRun } from "../src/engine/workflow/execute-run.js";
import type { NodeHandler, StepContext } from "../src/engine/workflow/node-handler.js";
import type { NodeServices } from "../src/engine/workflow/node-services.js";
import type { RunEvent } from "../src/engine/workflow/run-event.js";
import type { WorkflowPlan } from "../src/engine/workflow/workflow-plan.js";
import { MACHINE_RUN_CLOCK } from "../src/server/workflows/machine-run-clock.js";
import type { Bench } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import { takeTurns, timed } from "./harness/take-turns.js";
import {
  implementationsWith,
  increment,
  incrementLater,
  TRIVIAL_START,
  trivialPlan,
} from "./support/trivial-workflow.js";

const NODES = 10_000;
/** 50 µs a node. */
const MOST_MS = (50 * NODES) / 1_000;

/**
 * Whole runs whose nodes do next to nothing, with two events each in a journal in memory, against a bare loop that
 * awaits the same handlers one after another and keeps their results.
 */
export const workflowEngine: Bench = {
  name: "workflow-engine",
  async run({ repeats }) {
    const results: BenchResult[] = [];
    for (const shape of ["chain", "wide"] as const) {
      const plan = trivialPlan(shape, NODES);
      for (const [handler, answers] of [
        [increment, "at once"],
        [incrementLater, "by a promise"],
      ] as const) {
        const { ours, rival } = await takeTurns(
          { ours: () => timed(() => run(plan, handler)), rival: () => timed(() => bareLoop(plan, handler)) },
          Math.max(repeats, 11),
        );
        const nodes = `${NODES.toLocaleString("en-US")} nodes that answer ${answers}, ${shape}`;
        const overheadMs = ours.map((oursMs, i) => oursMs - rival[i]!);
        results.push(
          { kind: "limit", what: `run of ${nodes}: overhead`, unit: "ms", measured: overheadMs, atMost: MOST_MS },
          { kind: "ratio", what: nodes, rival: "a bare async loop", oursMs: ours, rivalMs: rival, atLeast: 0.005 },
        );
      }
    }
    return results;
  },
};

async function run(plan: WorkflowPlan, handler: NodeHandler): Promise<void> {
  const events: RunEvent[] = [];
  const { status } = await executeRun({
    plan,
    implementations: implementationsWith(handler),
    services: {} as NodeServices,
    journal: {
      append(batch) {
        for (const event of batch) events.push(event);
      },
      flush: async () => {},
    },
    clock: MACHINE_RUN_CLOCK,
    start: TRIVIAL_START,
  });
  if (status !== "succeeded" || events.length < 2 * NODES) throw new Error(`the run ${status}`);
}

async function bareLoop({ nodes }: WorkflowPlan, handler: NodeHandler): Promise<void> {
  const values = new Map<number, number>([[0, 0]]);
  const context = {} as StepContext;
  for (const { index, node, predecessors } of nodes.slice(1)) {
    const [source] = predecessors;
    const value = { type: "number", value: values.get(source!)! } as const;
    const { outputs } = await handler(node.data.parameters, { value: [{ from: node.id, value }] }, context);
    values.set(index, outputs.value!.value as number);
  }
  if (values.size !== nodes.length) throw new Error("the loop left nodes out");
}
