import { WorkbenchError } from "../errors.js";
import type { JsonValue } from "./json-value.js";
import { type RunMode, type StepSucceeded, stepName } from "./run-event.js";
import type { RunState, StepState } from "./run-state.js";
import { digestJson } from "./value-digest.js";
import type { NodeId } from "./workflow-ids.js";
import type { PlannedLoop, PlannedNode, WorkflowPlan } from "./workflow-plan.js";

export interface ReuseOptions {
  /** What the repeated run was planned by, and what its own events tell. */
  readonly earlier: { readonly plan: WorkflowPlan; readonly state: RunState };
  /** What the new run is planned by: the same revision or a newer one. */
  readonly plan: WorkflowPlan;
  readonly mode: RunMode;
  /** Does this node again, and all that follows it; only what did not succeed, and what follows that, unless given. */
  readonly from?: NodeId;
}

/**
 * Results of an earlier run that need not be made again: those of steps that succeeded in that run, whose node is
 * unchanged (type, version, parameters, in-edges, loop, pinned and disabled state) and whose whole upstream came to the
 * same. What failed or was pruned is never taken as data: failures are done again, and what was pruned is judged anew.
 * A loop of which some items failed is done again for those alone. A preview of a dry run does not count as an effect.
 *
 * The new run must have as-of time, seed, trigger, variables and effect scope of the earlier one.
 *
 * @throws NOT_FOUND where no node has the id `from`
 */
export function reusableSteps({ earlier, plan, mode, from }: ReuseOptions): readonly StepSucceeded[] {
  if (from !== undefined && !plan.indexOf.has(from)) {
    throw new WorkbenchError("NOT_FOUND", `no node has the id ${from}`);
  }
  const { state } = earlier;
  const isSameMode = state.start?.mode === mode;
  /** Names of steps that came, or will come, to the same. */
  const same = new Set<string>();
  const loopsWithSameItems = new Set<number>();
  const reused: StepSucceeded[] = [];

  const isSameNode = plan.nodes.map(
    (planned) =>
      planned.node.id !== from &&
      (isSameMode || planned.type.effect === "none") &&
      isUnchanged(earlier.plan, planned, plan),
  );
  const isUpstreamSame = ({ predecessors, loop }: PlannedNode, item?: string) =>
    predecessors.every((place) => {
      const source = plan.nodes[place]!;
      if (place === loop) return loopsWithSameItems.has(place);
      return same.has(nameOf(source, source.loop >= 0 ? item : undefined));
    });
  const take = (step: StepState | undefined, name: string, into: StepSucceeded[]) => {
    if (!endsAgainLike(step)) return;
    same.add(name);
    if (step?.kind === "succeeded" && step.result.reused !== "pinned") into.push(asReused(step.result));
  };
  const takeLoop = ({ index, body }: PlannedLoop, ofBody: readonly StepSucceeded[]) => {
    const { node } = plan.nodes[index]!;
    const items = state.loopItems.get(node.id) ?? [];
    const isWhole = items.every((item) => body.every((place) => same.has(nameOf(plan.nodes[place]!, item))));
    if (isWhole && loopsWithSameItems.has(index)) take(state.steps.get(node.id), node.id, reused);
    if (!same.has(node.id)) reused.push(...ofBody);
  };

  const loopEndingAt = new Map(plan.loops.map((loop) => [loop.body.at(-1) ?? loop.index, loop]));
  const isLoop = new Set(plan.loops.map(({ index }) => index));
  const takenOfBody = new Map<number, StepSucceeded[]>(plan.loops.map(({ index }) => [index, []]));
  for (const planned of plan.nodes) {
    const { index, loop, node } = planned;
    if (loop >= 0 && isSameNode[index] && loopsWithSameItems.has(loop)) {
      for (const item of state.loopItems.get(plan.nodes[loop]!.node.id) ?? []) {
        const name = nameOf(planned, item);
        if (isUpstreamSame(planned, item)) take(state.steps.get(name), name, takenOfBody.get(loop)!);
      }
    } else if (loop < 0 && isSameNode[index] && isUpstreamSame(planned)) {
      if (isLoop.has(index)) loopsWithSameItems.add(index);
      else take(state.steps.get(node.id), node.id, reused);
    }
    const ending = loopEndingAt.get(index);
    if (ending) takeLoop(ending, takenOfBody.get(ending.index)!);
  }
  return reused;
}

function nameOf({ node }: PlannedNode, item: string | undefined): string {
  return stepName(item === undefined ? { nodeId: node.id } : { nodeId: node.id, item });
}

/** Whether a step ends as it did, given the same inputs: what was pruned for a failure upstream would not be again. */
function endsAgainLike(step: StepState | undefined): boolean {
  return step?.kind === "succeeded" || (step?.kind === "pruned" && step.reason !== "upstream-failed");
}

/** Without node state and variables: those took effect with the run that they come from, and newer ones may stand. */
function asReused({ kind, nodeId, item, outputs, note, idempotencyKey }: StepSucceeded): StepSucceeded {
  return {
    kind,
    nodeId,
    ...(item === undefined ? {} : { item }),
    attempt: 0,
    outputs,
    reused: "earlier-run",
    ...(note === undefined ? {} : { note }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

function isUnchanged(earlier: WorkflowPlan, planned: PlannedNode, plan: WorkflowPlan): boolean {
  const place = earlier.indexOf.get(planned.node.id);
  if (place === undefined) return false;
  return digestJson(essenceOf(earlier.nodes[place]!, earlier)) === digestJson(essenceOf(planned, plan));
}

/** What of a node decides what it gives. */
function essenceOf({ node, type, parameters, inputs, loop }: PlannedNode, { nodes }: WorkflowPlan): JsonValue {
  return {
    type: type.id,
    version: type.version,
    parameters,
    loop: loop < 0 ? null : nodes[loop]!.node.id,
    isDisabled: node.data.isDisabled ?? false,
    pinned: node.data.pinned ?? null,
    inputs: inputs.map(({ port, edges }) => [
      port.name,
      ...edges.map(({ edge }) => `${JSON.stringify(edge.source)} ${edge.sourceHandle}`),
    ]),
  };
}
