import type { EpochMs } from "../units/epoch-ms.js";
import type { JsonValue } from "./json-value.js";
import {
  type PruneReason,
  type RunEvent,
  type RunStarted,
  type RunStatus,
  type StepKey,
  stepName,
} from "./run-event.js";
import type { WorkflowVariable } from "./workflow-definition.js";
import type { NodeId } from "./workflow-ids.js";

/** What became of a step that something happened to; a step that still waits for its inputs has no state. */
export type StepState = RunningStep | RetryingStep | LoopingStep | EndedStep;

/** A step that nothing more happens to. */
export type EndedStep = SucceededStep | FailedStep | PrunedStep;

interface AttemptedStep extends StepKey {
  /** From 1; one more each time the node was begun, be it after a failure or because its run was cut off. */
  readonly attempt: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** When the first attempt began. */
  readonly startedAtMs: EpochMs;
  readonly inputsDigest: string;
}

export interface RunningStep extends AttemptedStep {
  readonly kind: "running";
  /** It was about to do what must not happen twice: it may not be begun again. */
  readonly isEffectIntended: boolean;
}

export interface RetryingStep extends AttemptedStep {
  readonly kind: "retrying";
  readonly code: string;
  readonly message: string;
  readonly retryAtMs: EpochMs;
}

/** A loop whose body is at work. */
export interface LoopingStep extends AttemptedStep {
  readonly kind: "looping";
  readonly items: readonly string[];
}

/** `attempt` is 0, and start and digest are missing, where the node did not run. */
export interface SucceededStep extends StepKey {
  readonly kind: "succeeded";
  readonly startedAtMs?: EpochMs;
  readonly finishedAtMs: EpochMs;
  readonly inputsDigest?: string;
  readonly result: SucceededEvent;
}

export type SucceededEvent = Extract<RunEvent, { kind: "step-succeeded" }>;

export interface FailedStep extends StepKey {
  readonly kind: "failed";
  readonly attempt: number;
  readonly startedAtMs?: EpochMs;
  readonly finishedAtMs: EpochMs;
  readonly inputsDigest?: string;
  readonly code: string;
  readonly message: string;
}

export interface PrunedStep extends StepKey {
  readonly kind: "pruned";
  readonly finishedAtMs: EpochMs;
  readonly reason: PruneReason;
  readonly because: NodeId;
  readonly note?: string;
}

export function isEnded(step: StepState | undefined): step is EndedStep {
  return step !== undefined && (step.kind === "succeeded" || step.kind === "failed" || step.kind === "pruned");
}

/** A run, as its events so far tell it. */
export interface RunState {
  /** How it began; undefined before its first event. */
  readonly start: RunStarted | undefined;
  readonly status: RunStatus;
  readonly startedAtMs: EpochMs | undefined;
  readonly finishedAtMs: EpochMs | undefined;
  /** Why it ended as it did, where there is something to say. */
  readonly message: string | undefined;
  /** Who asked for its end. */
  readonly cancelledBy: string | undefined;
  /** By `stepName`, in the order in which something first happened to them. */
  readonly steps: ReadonlyMap<string, StepState>;
  /** Items of the loops that were expanded, in that order. */
  readonly loopItems: ReadonlyMap<NodeId, readonly string[]>;
  /** Of the next event, and the least time that it may have. */
  readonly nextSequence: number;
  readonly lastAtMs: EpochMs;
}

export const NO_EVENTS_YET: RunState = {
  start: undefined,
  status: "queued",
  startedAtMs: undefined,
  finishedAtMs: undefined,
  message: undefined,
  cancelledBy: undefined,
  steps: new Map(),
  loopItems: new Map(),
  nextSequence: 0,
  lastAtMs: 0 as EpochMs,
};

export function hasFinished({ status }: RunState): boolean {
  return status !== "queued" && status !== "running";
}

/** What the workflow's next run begins with: what nodes left, by `stepName`, and the variables. */
export interface Leftovers {
  readonly nodeStates: Readonly<Record<string, JsonValue>>;
  readonly variables: Readonly<Record<string, WorkflowVariable>>;
}

/** What the run began with, changed by the steps that succeeded; of two that set one variable, the later counts. */
export function leftoversOf({ start, steps }: RunState): Leftovers {
  const results = [...steps.values()].flatMap((step) => (step.kind === "succeeded" ? [step.result] : []));
  const nodeStates = new Map(Object.entries(start?.nodeStates ?? {}));
  const variables = new Map(Object.entries(start?.variables ?? {}));
  for (const result of results.sort((a, b) => a.sequence - b.sequence)) {
    if (result.nodeState !== undefined) nodeStates.set(stepName(result), result.nodeState);
    for (const [name, value] of Object.entries(result.variables ?? {})) variables.set(name, value);
  }
  return { nodeStates: Object.fromEntries(nodeStates), variables: Object.fromEntries(variables) };
}
