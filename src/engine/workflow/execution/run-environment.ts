import type { NodeHandler, NodeImplementations, Parameters } from "../node-handler.js";
import { implementationKey } from "../node-handler.js";
import type { NodeServices } from "../node-services.js";
import type { WorkflowPermission } from "../node-type.js";
import type { RunStarted } from "../run-event.js";
import type { RunnableInputs } from "../step-inputs.js";
import type { IdempotencyKey } from "../workflow-ids.js";
import type { PlannedNode, WorkflowPlan } from "../workflow-plan.js";
import type { RunClock } from "./run-clock.js";
import type { StepSlot } from "./run-frontier.js";
import { type ParameterResolver, parameterResolver } from "./step-parameters.js";

/** What the steps of one run have in common. */
export interface RunEnvironment {
  readonly plan: WorkflowPlan;
  readonly start: RunStarted;
  readonly implementations: NodeImplementations;
  readonly services: NodeServices;
  readonly clock: RunClock;
  readonly mayUse: (permission: WorkflowPermission) => boolean | Promise<boolean>;
  /** By place of the node. */
  readonly resolvers: (ParameterResolver | undefined)[];
}

/** Whether the node changes something outside in this run: in a dry run none does. */
export function hasEffect({ start }: RunEnvironment, { type }: PlannedNode): boolean {
  return type.effect !== "none" && start.mode === "live";
}

/** A preview needs no permission: it does nothing. */
export function neededPermission(environment: RunEnvironment, planned: PlannedNode): WorkflowPermission | undefined {
  const isPreview = planned.type.effect !== "none" && !hasEffect(environment, planned);
  return isPreview ? undefined : planned.type.permission;
}

export function idempotencyKeyOf({ start }: RunEnvironment, { name }: StepSlot): IdempotencyKey {
  return `${start.effectScope}:${name}` as IdempotencyKey;
}

/** What runs the node in the mode of this run. @throws Error where it is missing, which is a fault of the program */
export function handlerOf({ implementations, start }: RunEnvironment, { type }: PlannedNode): NodeHandler {
  const implementation = implementations.get(implementationKey(type.id, type.version));
  const handler = type.effect !== "none" && start.mode === "dry-run" ? implementation?.preview : implementation?.run;
  if (!handler) throw new Error(`${type.id} version ${type.version} has no implementation for a ${start.mode} run`);
  return handler;
}

export function parametersOf(
  environment: RunEnvironment,
  { planned, key }: StepSlot,
  { inputs }: RunnableInputs,
): Parameters {
  const { variables } = environment.start;
  environment.resolvers[planned.index] ??= parameterResolver(planned, variables);
  return environment.resolvers[planned.index]!({ inputs, item: key.item, variables });
}
