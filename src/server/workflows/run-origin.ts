import type { RunOrigin } from "../../engine/workflow/execute-run.js";
import type { RunStarted } from "../../engine/workflow/run-event.js";
import type { WorkflowVariable } from "../../engine/workflow/workflow-definition.js";
import type { RunClaim } from "../../store/queries/workflow-run-leases.js";
import type { LoadedRevision } from "./revision-cache.js";
import { readRunEvents } from "./run-events.js";
import type { RunHistory } from "./run-store.js";

/** Where a claimed run begins: at its last stored event, else at its start. @throws WORKFLOW_OUTPUT_INVALID */
export async function runOrigin(
  claim: Extract<RunClaim, { kind: "claimed" }>,
  revision: LoadedRevision,
  { history }: { readonly history: RunHistory },
): Promise<RunOrigin> {
  const { run, lease } = claim;
  if (lease.fence > 1) {
    const events = await readRunEvents(history, run.id);
    if (events.length > 0) return { events };
  }
  return { start: startOf(claim, revision) };
}

function startOf({ run, states }: Extract<RunClaim, { kind: "claimed" }>, { definition }: LoadedRevision): RunStarted {
  const { id: runId, workflowId, revision, trigger, asOfMs, seed, mode, effectScope } = run;
  const variables = { ...definition.settings.variables };
  for (const [name, first] of Object.entries(variables)) {
    const kept = states.variables[name];
    // A variable that became another kind begins anew.
    if (typeof kept === typeof first) variables[name] = kept as WorkflowVariable;
  }
  const facts = { runId, workflowId, revision, trigger, asOfMs, seed, mode, effectScope };
  return { kind: "run-started", ...facts, variables, nodeStates: states.nodeStates };
}
