import { seededRandom } from "../../statistics/seeded-random.js";
import type { EpochMs } from "../../units/epoch-ms.js";
import type { JsonValue } from "../json-value.js";
import type { StepContext } from "../node-handler.js";
import type { NodeServices } from "../node-services.js";
import type { RunMode, TriggerFacts } from "../run-event.js";
import type { RunnableInputs } from "../step-inputs.js";
import { stepSeed } from "../value-digest.js";
import type { WorkflowNode, WorkflowVariable } from "../workflow-definition.js";
import type { IdempotencyKey, RunId, WorkflowId } from "../workflow-ids.js";
import { idempotencyKeyOf, type RunEnvironment } from "./run-environment.js";
import type { StepSlot } from "./run-frontier.js";

/** The context of one attempt. What most nodes never look at, such as the signal, is made when they do. */
export class StepScope implements StepContext {
  readonly node: WorkflowNode;
  declare readonly item?: string;
  declare readonly riskProfile?: string;
  declare readonly nodeState?: JsonValue;
  readonly #environment: RunEnvironment;
  readonly #slot: StepSlot;
  readonly #missing: RunnableInputs["missing"];
  readonly #attempt: { readonly signal: AbortSignal };
  #random: (() => number) | undefined;

  constructor(
    environment: RunEnvironment,
    slot: StepSlot,
    { missing }: RunnableInputs,
    attempt: { readonly signal: AbortSignal },
  ) {
    this.node = slot.planned.node;
    this.#environment = environment;
    this.#slot = slot;
    this.#missing = missing;
    this.#attempt = attempt;
    const { riskProfile } = environment.plan.definition.settings;
    const { nodeStates } = environment.start;
    if (slot.key.item !== undefined) this.item = slot.key.item;
    if (riskProfile !== undefined) this.riskProfile = riskProfile;
    if (Object.hasOwn(nodeStates, slot.name)) this.nodeState = nodeStates[slot.name]!;
  }

  get runId(): RunId {
    return this.#environment.start.runId;
  }

  get workflowId(): WorkflowId {
    return this.#environment.start.workflowId;
  }

  get mode(): RunMode {
    return this.#environment.start.mode;
  }

  get trigger(): TriggerFacts {
    return this.#environment.start.trigger;
  }

  get asOfMs(): EpochMs {
    return this.#environment.start.asOfMs;
  }

  get variables(): Readonly<Record<string, WorkflowVariable>> {
    return this.#environment.start.variables;
  }

  get services(): NodeServices {
    return this.#environment.services;
  }

  get idempotencyKey(): IdempotencyKey {
    return idempotencyKeyOf(this.#environment, this.#slot);
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  get random(): () => number {
    this.#random ??= seededRandom(stepSeed(this.#environment.start.seed, this.#slot.name));
    return this.#random;
  }

  get prunedInputs(): (port: string) => number {
    const missing = this.#missing;
    return (port) => missing?.[port] ?? 0;
  }
}
