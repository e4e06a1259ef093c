import { type Conclusion, RunFrontier } from "./execution/run-frontier.js";
import type { StepKey } from "./run-event.js";
import { hasFinished, type RunState } from "./run-state.js";
import type { PrunedInputs } from "./step-inputs.js";
import type { WorkflowPlan } from "./workflow-plan.js";

/** What a run can do next. */
export interface NextSteps {
  /** Steps at work; taken up first, in this order, when the run was cut off. */
  readonly atWork: readonly StepKey[];
  /** Steps to begin, in this order. */
  readonly start: readonly StepKey[];
  /** Steps that end without being run. */
  readonly prune: readonly (StepKey & Omit<PrunedInputs, "kind">)[];
  /** Loops whose body has ended. */
  readonly gather: readonly StepKey[];
  /** Nothing of the above: all that is left is the run's last event. */
  readonly isFinished: boolean;
}

/**
 * What follows from a state. A run that goes on keeps the same knowledge up to date event by event, in a
 * `RunFrontier`; asked anew, it takes time linear in the size of the plan.
 */
export function nextSteps(plan: WorkflowPlan, state: RunState): NextSteps {
  const atWork: StepKey[] = [];
  const start: StepKey[] = [];
  const conclusions: Conclusion[] = [];
  if (!hasFinished(state) && state.start) {
    const frontier = new RunFrontier(plan, state, ({ key }) => atWork.push(key));
    for (let slot = frontier.takeReady(); slot; slot = frontier.takeReady()) start.push(slot.key);
    for (let next = frontier.takeConclusion(); next; next = frontier.takeConclusion()) conclusions.push(next);
  }
  const prune = conclusions.flatMap((next) => {
    if (!("verdict" in next)) return [];
    const { kind: _, ...why } = next.verdict;
    return [{ ...next.slot.key, ...why }];
  });
  const gather = conclusions.flatMap((next) => ("loop" in next ? [next.slot.key] : []));
  const isFinished = atWork.length + start.length + conclusions.length === 0;
  return { atWork, start, prune, gather, isFinished };
}
