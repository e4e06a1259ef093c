import type { RunId } from "../../../../src/engine/workflow/workflow-ids.js";
import type { DispatchOutcome, TriggerFiring } from "../../../../src/server/workflows/trigger-dispatcher.js";

/** Starts one run per instance, as the dispatcher of the workbench does, and remembers every firing. */
export function recordingDispatcher() {
  const runs = new Map<string, RunId>();
  const firings: TriggerFiring[] = [];
  return {
    firings,
    get instances() {
      return [...runs.keys()];
    },
    fire: async (firing: TriggerFiring): Promise<DispatchOutcome> => {
      firings.push(firing);
      const known = runs.get(firing.facts.instance);
      if (known) return { kind: "repeated", runId: known };
      const runId = `run-${runs.size}` as RunId;
      runs.set(firing.facts.instance, runId);
      return { kind: "queued", runId };
    },
  };
}
