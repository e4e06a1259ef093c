import { EXAMPLE_WORKFLOWS } from "../../engine/workflow/examples/example-workflows.js";
import type { Database } from "../../store/database.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { hasWorkflows } from "../../store/queries/workflow-definitions.js";
import type { WorkflowService } from "./workflow-service.js";

/** Puts the examples, none of them active, into a store of the demo market that never had a workflow. */
export async function installExamples(database: Database, workflows: WorkflowService): Promise<number> {
  if ((await activeDataset(database)) !== "simulated" || (await hasWorkflows(database))) return 0;
  const examples = Object.values(EXAMPLE_WORKFLOWS);
  for (const definition of examples) await workflows.create(definition, { note: "example", isExample: true });
  return examples.length;
}
