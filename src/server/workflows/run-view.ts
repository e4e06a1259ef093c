import type { PortPreview, RunAnswer, RunSummary, StepSummary } from "../../contracts/workflow-api.js";
import { type RunEvent, type StepKey, stepName } from "../../engine/workflow/run-event.js";
import type { WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";
import type { StoredRun } from "../../store/queries/workflow-runs.js";
import { eventMessage } from "./run-event-codec.js";

type Draft = { -readonly [Field in keyof StepSummary]: StepSummary[Field] };

export function runSummary(run: StoredRun): RunSummary {
  const { kind, instance, firedAtMs } = run.trigger;
  return {
    id: run.id,
    workflowId: run.workflowId,
    workflowName: run.workflowName,
    revision: run.revision,
    status: run.status,
    mode: run.mode,
    trigger: { kind, instance, firedAtMs },
    asOfMs: run.asOfMs,
    seed: run.seed,
    principal: run.principal,
    rerunOf: run.rerun?.of ?? null,
    createdAtMs: run.createdAtMs,
    startedAtMs: run.startedAtMs ?? null,
    finishedAtMs: run.finishedAtMs ?? null,
    isCancelRequested: run.cancelledBy !== undefined,
    code: run.code ?? null,
    message: run.message ?? null,
  };
}

/** A run as its stored events tell it; what came into a step is what the steps before it gave. */
export function runAnswer(run: StoredRun, texts: readonly string[], definition?: WorkflowDefinition): RunAnswer {
  const steps = new Map<string, Draft>();
  for (const text of texts) applyTo(steps, text);
  if (definition) for (const step of steps.values()) step.inputsPreview = inputsOf(step, definition, steps);
  return { run: runSummary(run), steps: [...steps.values()] };
}

function applyTo(steps: Map<string, Draft>, text: string): void {
  const event = eventMessage(text);
  if (event.nodeId === undefined) return;
  const key = { nodeId: event.nodeId, item: event.item } as unknown as StepKey;
  const name = stepName(key);
  const step = steps.get(name) ?? emptyStep(key);
  steps.set(name, step);
  step.attempts = Math.max(step.attempts, event.attempt ?? 0);
  step.note = event.note ?? step.note;
  switch (event.kind as RunEvent["kind"]) {
    case "step-started":
      step.state = "running";
      step.startedAtMs ??= event.atMs;
      step.inputsDigest = event.inputsDigest ?? null;
      return;
    case "attempt-failed":
      step.state = "retrying";
      step.code = event.code ?? null;
      step.message = event.message ?? null;
      return;
    case "step-succeeded":
      step.code = null;
      step.message = null;
      step.reused = event.reused ?? null;
      step.idempotencyKey = event.idempotencyKey ?? null;
      step.outputsPreview = event.outputs ?? {};
      end(step, "succeeded", event.atMs);
      return;
    case "step-failed":
      step.code = event.code ?? null;
      step.message = event.message ?? null;
      end(step, "failed", event.atMs);
      return;
    case "step-pruned":
      step.pruneReason = event.reason ?? null;
      step.because = event.because ?? null;
      end(step, "pruned", event.atMs);
  }
}

function end(step: Draft, state: StepSummary["state"], atMs: number): void {
  step.state = state;
  step.finishedAtMs = atMs;
  step.durationMs = step.startedAtMs === null ? null : atMs - step.startedAtMs;
}

function emptyStep(key: StepKey): Draft {
  return {
    stepName: stepName(key),
    nodeId: key.nodeId,
    item: key.item ?? null,
    state: "waiting",
    attempts: 0,
    startedAtMs: null,
    finishedAtMs: null,
    durationMs: null,
    code: null,
    message: null,
    pruneReason: null,
    because: null,
    note: null,
    reused: null,
    idempotencyKey: null,
    inputsDigest: null,
    inputsPreview: {},
    outputsPreview: {},
  };
}

/** A step of a loop's body gets what the same item gave, else what the step outside gave. */
function inputsOf(step: Draft, { edges }: WorkflowDefinition, steps: ReadonlyMap<string, Draft>) {
  const inputs: Record<string, PortPreview[]> = {};
  for (const { source, sourceHandle, target, targetHandle } of edges) {
    if (target !== step.nodeId) continue;
    const inLoop = step.item === null ? undefined : steps.get(stepName({ nodeId: source, item: step.item }));
    const preview = (inLoop ?? steps.get(source))?.outputsPreview[sourceHandle];
    if (preview === undefined) continue;
    inputs[targetHandle] ??= [];
    inputs[targetHandle].push(preview);
  }
  return inputs;
}
