import type { Inputs, InputValue } from "./node-handler.js";
import type { InputPort } from "./node-type.js";
import { RUN_PORT } from "./node-type.js";
import type { PortValue } from "./port-value.js";
import type { PruneReason } from "./run-event.js";
import type { EndedStep } from "./run-state.js";
import type { NodeId } from "./workflow-ids.js";
import type { PlannedEdge, PlannedInput, PlannedNode } from "./workflow-plan.js";

/** Whether a step whose inputs have all settled can run, and with what. */
export type InputsVerdict = RunnableInputs | PrunedInputs;

export interface RunnableInputs {
  readonly kind: "run";
  readonly inputs: Inputs;
  /** By port, edges that brought no value; undefined when every one did. */
  readonly missing: Readonly<Record<string, number>> | undefined;
}

export interface PrunedInputs {
  readonly kind: "prune";
  readonly reason: PruneReason;
  readonly because: NodeId;
  readonly note?: string;
}

/** What an edge brought: the step before it, or a value that did not come from a step's outputs. */
export type EdgeOutcome = EndedStep | PortValue | undefined;

/**
 * Gathers what came along the edges of a node. A connected port that got no value prunes the step, unless it takes
 * absence and nothing failed just before it; so does `run` without one that is true. Of several causes, a failure counts before a condition, and that before what
 * was pruned; of equal ones the first. Signals and booleans are converted to what a port takes.
 */
export function gatherInputs(
  { inputs: ports }: PlannedNode,
  outcomeOf: (edge: PlannedEdge) => EdgeOutcome,
): InputsVerdict {
  const inputs: Record<string, readonly InputValue[]> = {};
  let missing: Record<string, number> | undefined;
  let cause: PrunedInputs | undefined;
  for (const input of ports) {
    const { port, edges } = input;
    if (edges.length === 0) continue;
    const values: InputValue[] = [];
    for (const planned of edges) {
      const value = edgeValue(planned, outcomeOf(planned));
      if (value) values.push({ from: planned.edge.source, value: converted(value, port) });
    }
    if (values.length > 0) inputs[port.name] = values;
    if (values.length < edges.length) {
      missing ??= {};
      missing[port.name] = edges.length - values.length;
    }
    if (lacksValue(port, values) || (values.length === 0 && hasFailure(input, outcomeOf))) {
      cause = graver(cause, causeOf(input, outcomeOf));
    }
  }
  return cause ?? { kind: "run", inputs, missing };
}

function isStep(outcome: EndedStep | PortValue): outcome is EndedStep {
  return "kind" in outcome;
}

/** The value that came along an edge, if one did. */
export function edgeValue({ edge }: PlannedEdge, outcome: EdgeOutcome): PortValue | undefined {
  if (outcome === undefined) return undefined;
  if (!isStep(outcome)) return outcome;
  return outcome.kind === "succeeded" ? outcome.result.outputs[edge.sourceHandle] : undefined;
}

function converted(value: PortValue, { accepts }: InputPort): PortValue {
  if (accepts.includes(value.type)) return value;
  if (value.type === "signal") return { type: "boolean", value: value.value.isActive };
  if (value.type === "boolean") {
    return { type: "signal", value: { isActive: value.value, reason: value.value ? "true" : "false" } };
  }
  return value;
}

function lacksValue(port: InputPort, values: readonly InputValue[]): boolean {
  if (port === RUN_PORT) return !values.some(({ value }) => isTrue(value));
  return values.length === 0 && port.whenPruned === "prune";
}

/** Where nothing came because something failed, nobody knows what it would have been: that is no absence. */
function hasFailure({ edges }: PlannedInput, outcomeOf: (edge: PlannedEdge) => EdgeOutcome): boolean {
  return edges.some((planned) => {
    const outcome = outcomeOf(planned);
    if (outcome === undefined || !isStep(outcome)) return false;
    return outcome.kind === "failed" || (outcome.kind === "pruned" && outcome.reason === "upstream-failed");
  });
}

function isTrue({ type, value }: PortValue): boolean {
  if (type === "boolean") return value;
  return type === "signal" && value.isActive;
}

const GRAVITY: Readonly<Record<PruneReason, number>> = {
  "upstream-failed": 3,
  "condition-false": 2,
  "upstream-pruned": 1,
  disabled: 0,
};

function graver(known: PrunedInputs | undefined, other: PrunedInputs | undefined): PrunedInputs | undefined {
  if (!known || !other) return known ?? other;
  return GRAVITY[other.reason] > GRAVITY[known.reason] ? other : known;
}

function causeOf({ edges }: PlannedInput, outcomeOf: (edge: PlannedEdge) => EdgeOutcome): PrunedInputs | undefined {
  return edges.reduce<PrunedInputs | undefined>(
    (cause, planned) => graver(cause, causeAlong(planned, outcomeOf(planned))),
    undefined,
  );
}

function causeAlong(planned: PlannedEdge, outcome: EdgeOutcome): PrunedInputs {
  const because = planned.edge.source;
  const step = outcome && isStep(outcome) ? outcome : undefined;
  if (step?.kind === "failed") return { kind: "prune", reason: "upstream-failed", because };
  if (step?.kind === "pruned") return { kind: "prune", reason: "upstream-pruned", because };
  const value = edgeValue(planned, outcome);
  const note = value?.type === "signal" ? value.value.reason : step?.result.note;
  return { kind: "prune", reason: "condition-false", because, ...(note ? { note } : {}) };
}
