import { WorkbenchError } from "../errors.js";
import type { EpochMs } from "../units/epoch-ms.js";
import { type RunEvent, stepName } from "./run-event.js";
import { NO_EVENTS_YET, type RunState, type StepState } from "./run-state.js";

/** A state under construction: `applyEvent` changes it in place. */
export type RunDraft = { -readonly [Field in keyof RunState]: RunState[Field] } & {
  readonly steps: Map<string, StepState>;
  readonly loopItems: Map<string, readonly string[]>;
};

/** The state after one more event. The former state stays as it was, at the cost of a copy; see `replayRun`. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  const draft = draftOf(state);
  applyEvent(draft, event);
  return draft;
}

/**
 * The state after all events of a run, in time linear in their number.
 *
 * @throws INTERNAL where the sequence has a gap or begins anew
 */
export function replayRun(events: Iterable<RunEvent>, before: RunState = NO_EVENTS_YET): RunDraft {
  const draft = draftOf(before);
  for (const event of events) applyEvent(draft, event);
  return draft;
}

function draftOf(state: RunState): RunDraft {
  return { ...state, steps: new Map(state.steps), loopItems: new Map(state.loopItems) };
}

/** @throws INTERNAL for an event that does not follow the one before */
export function applyEvent(draft: RunDraft, event: RunEvent): void {
  if (event.sequence !== draft.nextSequence) {
    throw new WorkbenchError(
      "INTERNAL",
      `invalid run event: sequence ${event.sequence} (accepted: ${draft.nextSequence})`,
    );
  }
  draft.nextSequence = event.sequence + 1;
  draft.lastAtMs = Math.max(draft.lastAtMs, event.atMs) as EpochMs;
  switch (event.kind) {
    case "run-started":
      draft.start = event;
      draft.status = "running";
      draft.startedAtMs = event.atMs;
      return;
    case "cancel-requested":
      draft.cancelledBy = event.by;
      return;
    case "run-finished":
      draft.status = event.status;
      draft.message = event.message;
      draft.finishedAtMs = event.atMs;
      return;
    case "loop-expanded":
      draft.loopItems.set(event.nodeId, event.items);
  }
  const name = stepName(event);
  draft.steps.set(name, stepAfter(draft.steps.get(name), event));
}

type StepEvent = Exclude<RunEvent, { kind: "run-started" | "cancel-requested" | "run-finished" }>;
type Attempted = Extract<StepState, { failures: number }>;
type Mutable<State> = { -readonly [Field in keyof State]: State[Field] };

/** Steps outside of loops, nearly all, get their state in one piece: runs of many steps spend their time here. */
function stepAfter(before: StepState | undefined, event: StepEvent): StepState {
  const attempted = before && "failures" in before ? before : undefined;
  const step: Mutable<StepState> = stateAfter(attempted, event);
  if (event.item !== undefined) step.item = event.item;
  return step;
}

function stateAfter(before: Attempted | undefined, event: StepEvent): StepState {
  const { nodeId, atMs } = event;
  switch (event.kind) {
    case "step-started":
      return {
        kind: "running",
        nodeId,
        attempt: event.attempt,
        failures: before === undefined ? 0 : before.failures,
        startedAtMs: before === undefined ? atMs : before.startedAtMs,
        inputsDigest: event.inputsDigest,
        isEffectIntended: false,
      };
    case "effect-intended":
      return { ...begun(before, event), kind: "running", isEffectIntended: true };
    case "attempt-failed": {
      const { code, message, retryAtMs } = event;
      const { failures, ...rest } = begun(before, event);
      return { ...rest, failures: failures + 1, kind: "retrying", code, message, retryAtMs };
    }
    case "loop-expanded":
      return { ...begun(before, event), kind: "looping", items: event.items };
    case "step-succeeded":
      if (before === undefined) return { kind: "succeeded", nodeId, finishedAtMs: atMs, result: event };
      return {
        kind: "succeeded",
        nodeId,
        startedAtMs: before.startedAtMs,
        finishedAtMs: atMs,
        inputsDigest: before.inputsDigest,
        result: event,
      };
    case "step-failed": {
      const { attempt, code, message } = event;
      if (before === undefined) return { kind: "failed", nodeId, attempt, finishedAtMs: atMs, code, message };
      const { startedAtMs, inputsDigest } = before;
      return { kind: "failed", nodeId, attempt, startedAtMs, finishedAtMs: atMs, inputsDigest, code, message };
    }
    case "step-pruned": {
      const { reason, because, note } = event;
      const step = { kind: "pruned" as const, nodeId, finishedAtMs: atMs, reason, because };
      return note === undefined ? step : { ...step, note };
    }
  }
}

function begun(before: Attempted | undefined, { nodeId, atMs }: StepEvent) {
  return {
    nodeId,
    attempt: before?.attempt ?? 1,
    failures: before?.failures ?? 0,
    startedAtMs: before?.startedAtMs ?? atMs,
    inputsDigest: before?.inputsDigest ?? "",
  };
}
