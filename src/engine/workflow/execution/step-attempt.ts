import { isWorkbenchError, WorkbenchError } from "../../errors.js";
import type { StepResult } from "../node-handler.js";
import type { RunnableInputs } from "../step-inputs.js";
import { handlerOf, hasEffect, neededPermission, parametersOf, type RunEnvironment } from "./run-environment.js";
import type { StepSlot } from "./run-frontier.js";
import { checkStepResult } from "./step-result-check.js";
import { StepScope } from "./step-scope.js";

/** What an attempt has to tell, and what then waits to become an event. */
export type AttemptReport =
  | { readonly kind: "succeeded"; readonly result: StepResult }
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  /** About to have an effect without a key; goes on when told that this was written down. */
  | { readonly kind: "intends"; readonly proceed: () => void };

/** Durability of what was written down before an effect. */
export type Flush = () => Promise<void>;

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MOST_MESSAGE_CHARACTERS = 2_000;

/** One try of one step. Once it is over, by its report or because it was abandoned, nothing more comes from it. */
export class StepAttempt {
  readonly #environment: RunEnvironment;
  readonly #slot: StepSlot;
  readonly #inputs: RunnableInputs;
  readonly #report: (report: AttemptReport) => void;
  #controller: AbortController | undefined;
  #abortReason: unknown;
  #isAborted = false;
  #isOver = false;
  #timer: AbortController | undefined;

  constructor(
    environment: RunEnvironment,
    slot: StepSlot,
    inputs: RunnableInputs,
    report: (report: AttemptReport) => void,
  ) {
    this.#environment = environment;
    this.#slot = slot;
    this.#inputs = inputs;
    this.#report = report;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  /** Whether its handler was told to end. */
  get isAborted(): boolean {
    return this.#isAborted;
  }

  abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#abortReason = reason;
    this.#controller?.abort(reason);
  }

  /** Whatever still comes from it is dropped. */
  abandon(reason: unknown): void {
    this.#isOver = true;
    this.#timer?.abort();
    this.abort(reason);
  }

  /** Begins. A handler that answers at once does so here, any other by the callback. */
  begin(flush: Flush): AttemptReport | undefined {
    const { planned } = this.#slot;
    const permission = neededPermission(this.#environment, planned);
    if (permission === undefined && !hasEffect(this.#environment, planned)) return this.#call();
    this.#beginWithCare(permission, flush).catch((error) => this.#end(failureOf(error)));
    return undefined;
  }

  async #beginWithCare(permission: ReturnType<typeof neededPermission>, flush: Flush): Promise<void> {
    const { type } = this.#slot.planned;
    if (permission !== undefined) {
      this.#startTimer();
      if (!(await this.#environment.mayUse(permission))) {
        throw new WorkbenchError("WORKFLOW_PERMISSION_LOST", `the run may not use ${permission} (any more)`);
      }
      this.#stopTimer();
    }
    if (hasEffect(this.#environment, this.#slot.planned)) {
      if (this.#isOver || this.#isAborted) throw this.#abortReason;
      if (type.effect === "unkeyed") {
        await new Promise<void>((proceed) => this.#report({ kind: "intends", proceed }));
      }
      await flush();
    }
    if (this.#isOver || this.#isAborted) throw this.#abortReason;
    const report = this.#call();
    if (report) this.#end(report);
  }

  #call(): AttemptReport | undefined {
    const { planned } = this.#slot;
    try {
      const parameters = parametersOf(this.#environment, this.#slot, this.#inputs);
      const context = new StepScope(this.#environment, this.#slot, this.#inputs, this);
      const result = handlerOf(this.#environment, planned)(parameters, this.#inputs.inputs, context);
      if (!isPromise(result)) return { kind: "succeeded", result: checkStepResult(result, planned.type) };
      result.then(
        (value) => this.#end(this.#checked(value)),
        (error) => this.#end(failureOf(error)),
      );
      // A handler that has its answer already needs no timer, which would cost more than most nodes.
      Promise.resolve().then(() => this.#startTimer());
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  #checked(result: StepResult): AttemptReport {
    if (this.#isOver) return { kind: "succeeded", result };
    try {
      return { kind: "succeeded", result: checkStepResult(result, this.#slot.planned.type) };
    } catch (error) {
      return failureOf(error);
    }
  }

  #end(report: AttemptReport): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer();
    this.#report(report);
  }

  #startTimer(): void {
    if (this.#isOver) return;
    const { node, type } = this.#slot.planned;
    const timeoutMs = node.data.timeoutMs ?? type.timeoutMs;
    const timer = new AbortController();
    this.#timer = timer;
    const expire = () => {
      if (timer.signal.aborted || this.#isOver) return;
      const timeout = new WorkbenchError("WORKFLOW_STEP_TIMEOUT", `the step took longer than ${timeoutMs} ms`);
      this.#end(failureOf(timeout));
      this.abort(timeout);
    };
    this.#environment.clock.sleep(Math.min(timeoutMs, LONGEST_TIMER_MS), timer.signal).then(expire, () => {});
  }

  #stopTimer(): void {
    this.#timer?.abort(TIMER_STOPPED);
    this.#timer = undefined;
  }
}

/** A reason of our own saves the making of an exception with a stack for each timer. */
const TIMER_STOPPED = "the step ended before its time limit";

export function failureOf(error: unknown): Extract<AttemptReport, { kind: "failed" }> {
  const code = isWorkbenchError(error) ? error.code : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", code, message: message.slice(0, MOST_MESSAGE_CHARACTERS) };
}

function isPromise(result: StepResult | Promise<StepResult>): result is Promise<StepResult> {
  return typeof (result as { then?: unknown } | undefined)?.then === "function";
}
