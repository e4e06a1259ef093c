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

function stepAfter(before: StepState | undefined, event: StepEvent): StepState {
  const attempted = before && "failures" in before ? before : undefined;
  const key = event.item === undefined ? { nodeId: event.nodeId } : { nodeId: event.nodeId, item: event.item };
  switch (event.kind) {
    case "step-started":
      return {
        ...key,
        kind: "running",
        attempt: event.attempt,
        failures: attempted?.failures ?? 0,
        startedAtMs: attempted?.startedAtMs ?? event.atMs,
        inputsDigest: event.inputsDigest,
        isEffectIntended: false,
      };
    case "effect-intended":
      return { ...key, ...begun(attempted, event), kind: "running", isEffectIntended: true };
    case "attempt-failed": {
      const { code, message, retryAtMs } = event;
      const { failures, ...rest } = begun(attempted, event);
      return { ...key, ...rest, failures: failures + 1, kind: "retrying", code, message, retryAtMs };
    }
    case "loop-expanded":
      return { ...key, ...begun(attempted, event), kind: "looping", items: event.items };
    case "step-succeeded":
      return { ...key, ...ended(attempted, event), kind: "succeeded", result: event };
    case "step-failed":
      return {
        ...key,
        ...ended(attempted, event),
        kind: "failed",
        attempt: event.attempt,
        code: event.code,
        message: event.message,
      };
    case "step-pruned": {
      const { reason, because, note, atMs } = event;
      return { ...key, kind: "pruned", finishedAtMs: atMs, reason, because, ...(note === undefined ? {} : { note }) };
    }
  }
}

function begun(attempted: Extract<StepState, { failures: number }> | undefined, { atMs }: StepEvent) {
  return {
    attempt: attempted?.attempt ?? 1,
    failures: attempted?.failures ?? 0,
    startedAtMs: attempted?.startedAtMs ?? atMs,
    inputsDigest: attempted?.inputsDigest ?? "",
  };
}

function ended(attempted: Extract<StepState, { failures: number }> | undefined, { atMs }: StepEvent) {
  return attempted
    ? { startedAtMs: attempted.startedAtMs, finishedAtMs: atMs, inputsDigest: attempted.inputsDigest }
    : { finishedAtMs: atMs };
}
