import type { RunOrigin } from "../../engine/workflow/execute-run.js";
import { reusableSteps } from "../../engine/workflow/reusable-steps.js";
import type { RunStarted } from "../../engine/workflow/run-event.js";
import { replayRun } from "../../engine/workflow/run-reducer.js";
import type { WorkflowVariable } from "../../engine/workflow/workflow-definition.js";
import type { RunClaim } from "../../store/queries/workflow-run-leases.js";
import type { RerunFacts } from "../../store/queries/workflow-runs.js";
import type { LoadedRevision, RevisionCache } from "./revision-cache.js";
import { readRunEvents } from "./run-events.js";
import type { RunHistory } from "./run-store.js";

type ClaimedRun = Extract<RunClaim, { kind: "claimed" }>;

export interface RunOriginSources {
  readonly history: RunHistory;
  readonly revisions: RevisionCache;
}

/**
 * Where a claimed run begins: at its last stored event, else at its start; a rerun with what of the run that it repeats
 * need not be done again. @throws WORKFLOW_OUTPUT_INVALID
 */
export async function runOrigin(
  claim: ClaimedRun,
  revision: LoadedRevision,
  sources: RunOriginSources,
): Promise<RunOrigin> {
  const { run, lease } = claim;
  if (lease.fence > 1) {
    const events = await readRunEvents(sources.history, run.id);
    if (events.length > 0) return { events };
  }
  const start = startOf(claim, revision);
  return run.rerun === undefined ? { start } : rerunOrigin(start, run.rerun, revision, sources);
}

/** The rerun looks at the world as the first run did, its variables among it. */
async function rerunOrigin(
  start: RunStarted,
  { of, from }: RerunFacts,
  revision: LoadedRevision,
  { history, revisions }: RunOriginSources,
): Promise<RunOrigin> {
  const state = replayRun(await readRunEvents(history, of));
  if (!state.start) return { start };
  const { workflowId, revision: number, variables, nodeStates } = state.start;
  const earlier = await revisions.load(workflowId, number);
  const again = { ...start, variables: { ...start.variables, ...variables }, nodeStates };
  if (!earlier) return { start: again };
  const reused = reusableSteps({
    earlier: { plan: earlier.plan(), state },
    plan: revision.plan(),
    mode: start.mode,
    ...(from === "failed" ? {} : { from: from.nodeId }),
  });
  return { start: again, reused };
}

function startOf({ run, states }: ClaimedRun, { definition }: LoadedRevision): RunStarted {
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
