import { NODE_CATALOGUE } from "../src/engine/workflow/node-catalogue.js";
import { validateWorkflow } from "../src/engine/workflow/validate-workflow.js";
import type { WorkflowDefinition } from "../src/engine/workflow/workflow-definition.js";
import type { Bench } from "./harness/bench.js";
import { takeTurns } from "./harness/take-turns.js";
import { graphologyGenerations, graphologyGraph } from "./rivals/graphology-topological-sort.js";
import { largeWorkflow } from "./support/large-workflow.js";

const NODES = 10_000;
/** Graphs per measurement. */
const GRAPHS = 10;

/**
 * Every check and the order of a workflow, against the order alone of the same graph in graphology. Each measurement has
 * fresh copies, as a request brings them; graphology's graph is built before its time begins.
 */
export const workflowValidation: Bench = {
  name: "workflow-validation",
  async run({ repeats }) {
    const workflow = largeWorkflow(NODES, 1);
    const text = JSON.stringify(workflow);
    const fresh = () => JSON.parse(text) as WorkflowDefinition;
    requireSameOrder(workflow);

    const { ours, rival } = await takeTurns(
      {
        ours: async () => timeOf(fresh, (definition) => validateWorkflow(definition, NODE_CATALOGUE)),
        rival: async () => timeOf(() => graphologyGraph(fresh().nodes, fresh().edges), graphologyGenerations),
      },
      Math.max(repeats, 11),
    );
    return [
      {
        kind: "ratio",
        what: `validate and order a workflow of ${NODES.toLocaleString("en-US")} nodes and ${workflow.edges.length.toLocaleString("en-US")} edges, × ${GRAPHS}`,
        rival: "topological order alone, in graphology",
        oursMs: ours,
        rivalMs: rival,
        atLeast: 1 / 3,
        goal: 1 / 1.5,
      },
    ];
  },
};

function timeOf<Input>(prepare: () => Input, work: (input: Input) => unknown): number {
  const inputs = Array.from({ length: GRAPHS }, prepare);
  const startedAtMs = performance.now();
  for (const input of inputs) work(input);
  return performance.now() - startedAtMs;
}

/** Both sides do what they say, and find the same generations. */
function requireSameOrder(workflow: WorkflowDefinition): void {
  const { ok, problems, generations } = validateWorkflow(workflow, NODE_CATALOGUE);
  if (!ok) throw new Error(`the workflow has problems: ${problems[0]!.message}`);
  const others = graphologyGenerations(graphologyGraph(workflow.nodes, workflow.edges));
  const sorted = (lists: readonly (readonly string[])[]) => JSON.stringify(lists.map((list) => [...list].sort()));
  if (sorted(generations) !== sorted(others)) throw new Error("the two sides order differently");
}
