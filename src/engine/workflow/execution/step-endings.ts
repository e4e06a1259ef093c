import { WorkbenchError } from "../../errors.js";
import type { StepResult } from "../node-handler.js";
import { decodeOutputs } from "../port-value-codec.js";
import type { RunFact, StepKey, StepSucceeded } from "../run-event.js";
import type { EndedStep } from "../run-state.js";
import type { PrunedInputs } from "../step-inputs.js";
import type { EventWriter } from "./event-writer.js";
import type { LoopOutcome } from "./loop-table.js";
import { hasEffect, idempotencyKeyOf, type RunEnvironment } from "./run-environment.js";
import type { Conclusion, RunFrontier, StepSlot } from "./run-frontier.js";
import { failureOf } from "./step-attempt.js";
import { checkOutputs } from "./step-result-check.js";

type Mutable<Fact> = { -readonly [Field in keyof Fact]: Fact[Field] };

/** Adds the item to a fresh fact of a step, where it has one. */
export function ofStep<Fact extends StepKey>({ key }: StepSlot, fact: Mutable<Fact>): Fact {
  if (key.item !== undefined) fact.item = key.item;
  return fact;
}

/** Writes down how steps end, and lets follow what follows. */
export class StepEndings {
  readonly #environment: RunEnvironment;
  readonly #writer: EventWriter;
  readonly #frontier: RunFrontier;
  #failure: string | undefined;

  constructor(environment: RunEnvironment, writer: EventWriter, frontier: RunFrontier) {
    this.#environment = environment;
    this.#writer = writer;
    this.#frontier = frontier;
    for (const slot of frontier.slots) {
      const step = writer.state.steps.get(slot.name);
      if (step?.kind === "failed") this.#noteFailure(slot, step.message);
    }
  }

  /** Why the run fails; undefined as long as nothing failed but what may. Loops answer for their bodies. */
  get failure(): string | undefined {
    return this.#failure;
  }

  conclude(conclusion: Conclusion): void {
    const { slot } = conclusion;
    if ("verdict" in conclusion) this.#prune(slot, conclusion.verdict);
    else this.#endLoop(slot, conclusion.loop);
  }

  succeed(slot: StepSlot, attempt: number, result: StepResult): void {
    const { outputs, note, items, nodeState, variables } = result;
    if (items && slot.planned.type.category === "loop") {
      const unique = [...new Set(items)];
      this.#writer.add({ ...slot.key, kind: "loop-expanded", items: unique });
      this.#frontier.expand(slot, unique, this.#writer.state);
      return;
    }
    const fact: Mutable<StepSucceeded> = { kind: "step-succeeded", nodeId: slot.key.nodeId, attempt, outputs };
    if (note !== undefined) fact.note = note;
    if (hasEffect(this.#environment, slot.planned)) {
      fact.idempotencyKey = idempotencyKeyOf(this.#environment, slot);
    }
    if (nodeState !== undefined) fact.nodeState = nodeState;
    if (variables !== undefined) fact.variables = variables;
    this.#end(slot, ofStep(slot, fact));
  }

  fail(slot: StepSlot, attempt: number, { code, message }: { readonly code: string; readonly message: string }): void {
    this.#noteFailure(slot, message);
    this.#end(slot, { ...slot.key, kind: "step-failed", attempt, code, message });
  }

  /** The node is not run: its outputs are those that are pinned to it. */
  takePinned(slot: StepSlot): void {
    const { node, type } = slot.planned;
    try {
      const outputs = decodeOutputs(node.data.pinned ?? {});
      checkOutputs(outputs, type);
      this.#end(slot, { ...slot.key, kind: "step-succeeded", attempt: 0, outputs, reused: "pinned" });
    } catch (error) {
      this.fail(slot, 0, failureOf(error));
    }
  }

  #prune(slot: StepSlot, { reason, because, note }: PrunedInputs): void {
    const fact: RunFact = { ...slot.key, kind: "step-pruned", reason, because };
    this.#end(slot, note === undefined ? fact : { ...fact, note });
  }

  #endLoop(slot: StepSlot, outcome: LoopOutcome): void {
    const step = this.#writer.state.steps.get(slot.name);
    const attempt = step?.kind === "looping" ? step.attempt : 1;
    if (outcome.kind === "failed") {
      this.fail(slot, attempt, outcome);
      return;
    }
    const outputs = { table: outcome.table };
    try {
      checkOutputs(outputs, slot.planned.type);
    } catch (error) {
      this.fail(slot, attempt, failureOf(error));
      return;
    }
    this.#end(slot, { ...slot.key, kind: "step-succeeded", attempt, outputs });
  }

  #end(slot: StepSlot, fact: RunFact): void {
    this.#writer.add(fact);
    this.#frontier.settle(slot, this.#writer.state.steps.get(slot.name) as EndedStep);
  }

  #noteFailure({ planned, key }: StepSlot, message: string): void {
    if (key.item !== undefined || planned.node.data.onError === "prune") return;
    this.#failure ??= `${planned.node.id}: ${message}`;
  }
}

/** What a step comes to that may have done outside what must not happen twice. */
export function uncertainEffect(): WorkbenchError {
  return new WorkbenchError(
    "WORKFLOW_EFFECT_UNCERTAIN",
    "the run was cut off while this step did something outside that has no key: it may have happened",
  );
}
