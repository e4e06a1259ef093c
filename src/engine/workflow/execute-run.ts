import { WorkbenchError } from "../errors.js";
import { EventWriter } from "./execution/event-writer.js";
import type { RunClock } from "./execution/run-clock.js";
import type { RunEnvironment } from "./execution/run-environment.js";
import { RunExecution } from "./execution/run-execution.js";
import type { NodeImplementations } from "./node-handler.js";
import type { NodeServices } from "./node-services.js";
import type { WorkflowPermission } from "./node-type.js";
import type { RunEvent, RunStarted, StepSucceeded, TriggerFacts } from "./run-event.js";
import type { RunJournal } from "./run-journal.js";
import { replayRun } from "./run-reducer.js";
import { hasFinished, NO_EVENTS_YET, type RunState } from "./run-state.js";
import type { WorkflowId } from "./workflow-ids.js";
import type { WorkflowPlan } from "./workflow-plan.js";

export interface RunOptions {
  /** Of the revision that the run began with, also when it is taken up again. */
  readonly plan: WorkflowPlan;
  readonly implementations: NodeImplementations;
  readonly services: NodeServices;
  readonly journal: RunJournal;
  readonly clock: RunClock;
  /** Asked before each step that needs it. Every permission is given unless said otherwise. */
  readonly mayUse?: (permission: WorkflowPermission) => boolean | Promise<boolean>;
  /** Cancels the run; a reason that is text says who by. */
  readonly cancellation?: AbortSignal;
  /** Gives the run up without ending it: the promise resolves with a run that another can take up. */
  readonly signal?: AbortSignal;
}

/** A run that begins, with the steps that need not be done again; or the events so far of one that was cut off. */
export type RunOrigin =
  | { readonly start: RunStarted; readonly reused?: readonly StepSucceeded[] }
  | { readonly events: Iterable<RunEvent> };

/**
 * Executes a run until it ends, and resolves with its state when its last event is durable. What a run does follows
 * from its events alone, so that one that was cut off goes on where it stopped: steps that were at work are begun
 * again, with the same idempotency key; one that was about to have an effect without a key fails with
 * WORKFLOW_EFFECT_UNCERTAIN. In a deterministic workflow the same inputs, clock and seed give the same events, whatever
 * the order in which nodes answer. Rejects with what the journal fails with.
 *
 * @throws ARGUMENT_INVALID for events without the first
 */
export async function executeRun(options: RunOptions & RunOrigin): Promise<RunState> {
  const { plan, implementations, services, journal, clock, cancellation, signal } = options;
  let execution: RunExecution | undefined;
  let early: { readonly error: unknown } | undefined;
  const state = "events" in options ? replayRun(options.events) : replayRun([], NO_EVENTS_YET);
  if (hasFinished(state)) return state;
  const writer = new EventWriter(
    state,
    journal,
    () => clock.nowMs(),
    (error) => {
      early = { error };
      execution?.breakOff(error);
    },
  );
  if ("start" in options) {
    writer.add({ ...options.start });
    for (const step of options.reused ?? []) writer.add({ ...step });
    writer.deliver();
  }
  if (!state.start)
    throw new WorkbenchError("ARGUMENT_INVALID", "invalid events: none (accepted: a run from its start)");
  if (early) throw early.error;

  const environment: RunEnvironment = {
    plan,
    start: state.start,
    implementations,
    services,
    clock,
    mayUse: options.mayUse ?? (() => true),
    resolvers: [],
  };
  execution = new RunExecution(environment, writer);
  const running = execution;
  const cancel = (by: string) => {
    running.stop("cancelled", new WorkbenchError("CANCELLED", `the run was cancelled by ${by}`), by);
  };
  const onCancel = () => cancel(typeof cancellation?.reason === "string" ? cancellation.reason : "its owner");
  const onSignal = () => running.stop(undefined, new WorkbenchError("CANCELLED", "the run was left to another worker"));
  cancellation?.addEventListener("abort", onCancel, { once: true });
  signal?.addEventListener("abort", onSignal, { once: true });
  try {
    if (state.cancelledBy !== undefined) cancel(state.cancelledBy);
    else if (cancellation?.aborted) onCancel();
    if (signal?.aborted) onSignal();
    running.drive();
    return await running.finished;
  } finally {
    cancellation?.removeEventListener("abort", onCancel);
    signal?.removeEventListener("abort", onSignal);
  }
}

/** What keys of effects are made of, for a run that repeats no other. */
export function effectScopeOf(workflowId: WorkflowId, revision: number, { instance }: TriggerFacts): string {
  return `${workflowId}:${revision}:${instance}`;
}
