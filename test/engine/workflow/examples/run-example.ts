import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../../../src/engine/units/epoch-ms.js";
import { EXAMPLE_WORKFLOWS } from "../../../../src/engine/workflow/examples/example-workflows.js";
import { effectScopeOf, executeRun } from "../../../../src/engine/workflow/execute-run.js";
import type { JsonValue } from "../../../../src/engine/workflow/json-value.js";
import { NODE_CATALOGUE } from "../../../../src/engine/workflow/node-catalogue.js";
import { NODE_IMPLEMENTATIONS } from "../../../../src/engine/workflow/node-implementations.js";
import { type RunMode, stepName, type TriggerFacts } from "../../../../src/engine/workflow/run-event.js";
import type { RunState } from "../../../../src/engine/workflow/run-state.js";
import type { RunId, TriggerInstance, WorkflowId } from "../../../../src/engine/workflow/workflow-ids.js";
import { planWorkflow } from "../../../../src/engine/workflow/workflow-plan.js";
import { MemoryJournal } from "../run/memory-journal.js";
import { VirtualClock } from "../run/virtual-clock.js";
import type { DemoServices } from "./demo-services.js";

export interface ExampleRuns {
  readonly states: readonly RunState[];
  readonly journals: readonly MemoryJournal[];
}

/** Runs an example at each instant, one after another, each with what the one before left. */
export async function runExample(
  name: string,
  services: DemoServices,
  instantsMs: readonly number[],
  { mode = "live" }: { readonly mode?: RunMode } = {},
): Promise<ExampleRuns> {
  const definition = EXAMPLE_WORKFLOWS[name]!;
  const plan = planWorkflow(definition, NODE_CATALOGUE);
  const workflowId = name as WorkflowId;
  const states: RunState[] = [];
  const journals: MemoryJournal[] = [];
  let nodeStates: Readonly<Record<string, JsonValue>> = {};
  for (const instantMs of instantsMs) {
    const atMs = epochMs(instantMs);
    const trigger: TriggerFacts = {
      kind: "cron",
      instance: `cron:${atMs}` as TriggerInstance,
      firedAtMs: atMs,
      payload: null,
    };
    const journal = new MemoryJournal();
    const state = await executeRun({
      plan,
      implementations: NODE_IMPLEMENTATIONS,
      services,
      journal,
      clock: new VirtualClock(atMs),
      start: {
        kind: "run-started",
        runId: `run-${atMs}` as RunId,
        workflowId,
        revision: 1,
        trigger,
        asOfMs: atMs,
        seed: 1,
        mode,
        effectScope: effectScopeOf(workflowId, 1, trigger),
        variables: definition.settings.variables,
        nodeStates,
      },
    });
    nodeStates = { ...nodeStates, ...leftBy(state) };
    states.push(state);
    journals.push(journal);
  }
  return { states, journals };
}

/** What nodes left for their next run. */
function leftBy({ steps }: RunState): Readonly<Record<string, JsonValue>> {
  const results = [...steps.values()].flatMap((step) => (step.kind === "succeeded" ? [step.result] : []));
  return Object.fromEntries(
    results.flatMap((result) => (result.nodeState === undefined ? [] : [[stepName(result), result.nodeState]])),
  );
}

/** 00:00 in Ho Chi Minh City and so many minutes. */
export function minutesAfter(dayMs: number, hours: number, minutes: number): EpochMs {
  return epochMs(dayMs + (hours * 60 + minutes) * MS_PER_MINUTE);
}
