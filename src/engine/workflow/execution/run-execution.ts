import { WorkbenchError } from "../../errors.js";
import type { EpochMs } from "../../units/epoch-ms.js";
import type { FinalRunStatus } from "../run-event.js";
import type { RunState, StepState } from "../run-state.js";
import { digestInputs } from "../value-digest.js";
import type { EventWriter } from "./event-writer.js";
import { backoffMs, LONGEST_BACKOFF_MS, mayRetry } from "./retry-policy.js";
import type { RunEnvironment } from "./run-environment.js";
import { RunFrontier, type StepSlot } from "./run-frontier.js";
import { type AttemptReport, StepAttempt } from "./step-attempt.js";
import { ofStep, StepEndings, uncertainEffect } from "./step-endings.js";
import { StepInFlight } from "./step-in-flight.js";
import { StepsInFlight } from "./steps-in-flight.js";

/** What steps at work get to end by themselves, once the run shall end. */
export const GRACE_MS = 5_000;

/** Work at a stretch; then timers and input have their turn. */
const SLICE_MS = 25;

const RUN_OVER = "the run is over";

/** Why no more steps are begun. */
interface Stop {
  /** Undefined when another shall take the run up. */
  readonly status: FinalRunStatus | undefined;
  readonly error: WorkbenchError;
}

/**
 * Drives one run: begins what is ready while there are places, and writes down what steps report. In a deterministic
 * workflow reports are written in the order in which the steps were begun, so that events do not depend on who is
 * faster; in others as they come, and a step between two attempts gives its place up.
 */
export class RunExecution {
  readonly finished: Promise<RunState>;
  readonly #environment: RunEnvironment;
  readonly #writer: EventWriter;
  readonly #frontier: RunFrontier;
  readonly #endings: StepEndings;
  readonly #interrupted: (readonly [StepSlot, StepState])[] = [];
  readonly #inFlight: StepsInFlight;
  readonly #over = new AbortController();
  #stop: Stop | undefined;
  #isDriven = false;
  #isDraining = false;
  #isResting = false;
  #sliceStartMs: number;
  #resolve!: (state: RunState) => void;
  #reject!: (error: unknown) => void;

  constructor(environment: RunEnvironment, writer: EventWriter) {
    this.#environment = environment;
    this.#writer = writer;
    const { isDeterministic, parallelNodes } = environment.plan.definition.settings;
    this.#inFlight = new StepsInFlight(isDeterministic, parallelNodes);
    this.#frontier = new RunFrontier(environment.plan, writer.state, (slot, step) =>
      this.#interrupted.push([slot, step]),
    );
    this.#endings = new StepEndings(environment, writer, this.#frontier);
    this.#sliceStartMs = writer.clockMs;
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Takes up what was cut off and begins what is ready. */
  drive(): void {
    const { clock, plan } = this.#environment;
    const { deadlineMs } = plan.definition.settings;
    const elapsedMs = Math.max(0, clock.nowMs() - (this.#writer.state.startedAtMs ?? 0));
    this.#after(Math.max(0, deadlineMs - elapsedMs), () => {
      const passed = new WorkbenchError(
        "WORKFLOW_STEP_TIMEOUT",
        `the deadline of the run, ${deadlineMs} ms, has passed`,
      );
      this.stop("timed-out", passed);
    });
    this.#isDriven = true;
    for (const [slot, step] of this.#interrupted) this.#takeUp(slot, step);
    this.#drain();
  }

  /** Ends the run, or leaves it to another when no status is given. Steps at work have a moment to end by themselves. */
  stop(status: FinalRunStatus | undefined, error: WorkbenchError, by?: string): void {
    if (this.#stop || this.#over.signal.aborted) return;
    this.#stop = { status, error };
    if (by !== undefined && this.#writer.state.cancelledBy === undefined) {
      this.#writer.add({ kind: "cancel-requested", by });
    }
    if (!this.#isDriven) return;
    for (const step of this.#inFlight) {
      if (step.isWaiting) this.#giveUp(step, { status, error });
      else if (status !== undefined) step.attempt?.abort(error);
    }
    this.#after(GRACE_MS, () => {
      for (const step of this.#inFlight) this.#giveUp(step, { status, error });
      this.#drain();
    });
    this.#drain();
  }

  /** The journal does not work: nothing that happens from now on would be known. */
  breakOff(error: unknown): void {
    for (const step of this.#inFlight) step.attempt?.abandon(error);
    this.#over.abort(RUN_OVER);
    this.#reject(error);
  }

  #after(ms: number, then: () => void): void {
    const { signal } = this.#over;
    const wake = () => {
      if (!signal.aborted) then();
    };
    this.#environment.clock.sleep(ms, signal).then(wake, () => {});
  }

  #drain(): void {
    if (this.#isDraining || this.#isResting || this.#over.signal.aborted) return;
    this.#isDraining = true;
    this.#fill();
    while (!this.#isResting) {
      const step = this.#inFlight.nextReported(this.#stop?.status !== undefined);
      if (!step) break;
      this.#commit(step);
      this.#fill();
    }
    this.#isDraining = false;
    this.#writer.deliver();
    if (this.#inFlight.size === 0 && !this.#isResting) this.#finish();
  }

  /** Ends what ends without being run, and begins steps while there are places. */
  #fill(): void {
    for (;;) {
      for (let next = this.#frontier.takeConclusion(); next; next = this.#frontier.takeConclusion()) {
        this.#endings.conclude(next);
      }
      if (this.#stop) return;
      const step = this.#inFlight.takeAwake() ?? this.#nextReady();
      if (step === undefined) return;
      if (step !== "ended") this.#begin(step);
      if (Math.abs(this.#writer.clockMs - this.#sliceStartMs) > SLICE_MS) {
        this.#rest();
        return;
      }
    }
  }

  #rest(): void {
    this.#isResting = true;
    this.#after(0, () => {
      this.#isResting = false;
      this.#sliceStartMs = this.#environment.clock.nowMs();
      this.#drain();
    });
  }

  #nextReady(): StepInFlight | "ended" | undefined {
    const slot = this.#inFlight.hasPlace ? this.#frontier.takeReady() : undefined;
    if (!slot?.planned.node.data.pinned) return slot && this.#board(slot);
    this.#endings.takePinned(slot);
    return "ended";
  }

  #board(slot: StepSlot): StepInFlight {
    const inputs = this.#frontier.takeInputs(slot);
    const step = new StepInFlight(slot, inputs, digestInputs(inputs.inputs));
    this.#inFlight.add(step);
    return step;
  }

  #takeUp(slot: StepSlot, before: StepState): void {
    if (before.kind !== "running" && before.kind !== "retrying") return;
    if (before.kind === "running" && before.isEffectIntended) {
      this.#endings.fail(slot, before.attempt, uncertainEffect());
      return;
    }
    if (this.#stop) {
      if (this.#stop.status !== undefined) this.#endings.fail(slot, before.attempt, this.#stop.error);
      return;
    }
    const step = this.#board(slot);
    step.number = before.attempt;
    step.failures = before.failures;
    if (before.kind === "running") this.#begin(step);
    else this.#sleep(step, before.retryAtMs - this.#environment.clock.nowMs());
  }

  #begin(step: StepInFlight): void {
    const { slot, inputsDigest } = step;
    step.number++;
    this.#writer.add(
      ofStep(slot, { kind: "step-started" as const, nodeId: slot.key.nodeId, attempt: step.number, inputsDigest }),
    );
    const attempt = new StepAttempt(this.#environment, slot, step.inputs, (report) => {
      this.#inFlight.receive(step, report);
      this.#drain();
    });
    step.attempt = attempt;
    const report = attempt.begin(() => this.#flush());
    if (report) this.#inFlight.receive(step, report);
  }

  async #flush(): Promise<void> {
    try {
      await this.#writer.flush();
    } catch (error) {
      this.breakOff(error);
      throw error;
    }
  }

  #commit(step: StepInFlight): void {
    const { report, slot, number } = step;
    step.report = undefined;
    if (report?.kind === "failed") {
      this.#commitFailure(step, report);
    } else if (report?.kind === "succeeded") {
      this.#inFlight.remove(step);
      this.#endings.succeed(slot, number, report.result);
    } else if (this.#stop) {
      this.#giveUp(step, this.#stop);
    } else if (report) {
      this.#writer.add({ ...slot.key, kind: "effect-intended", attempt: number });
      step.isEffectIntended = true;
      report.proceed();
    }
  }

  #commitFailure(step: StepInFlight, { code, message }: Extract<AttemptReport, { kind: "failed" }>): void {
    const { slot, number: attempt } = step;
    const { node, type } = slot.planned;
    step.failures++;
    const isEnding = this.#stop?.status !== undefined;
    if (isEnding || !mayRetry(node, type, step.failures, code)) {
      this.#inFlight.remove(step);
      const isOurs = isEnding && step.attempt?.isAborted && (code === "INTERNAL" || code === "CANCELLED");
      this.#endings.fail(slot, attempt, isOurs ? this.#stop!.error : { code, message });
      return;
    }
    const delayMs = backoffMs(node.data.retry!, step.failures);
    const retryAtMs = (this.#writer.nextAtMs() + delayMs) as EpochMs;
    this.#writer.add({ ...slot.key, kind: "attempt-failed", attempt, code, message, retryAtMs });
    if (this.#stop) this.#inFlight.remove(step);
    else this.#sleep(step, delayMs);
  }

  #sleep(step: StepInFlight, ms: number): void {
    step.attempt = undefined;
    this.#inFlight.putToSleep(step);
    this.#after(Math.min(Math.max(0, ms), LONGEST_BACKOFF_MS), () => {
      this.#inFlight.wake(step);
      this.#drain();
    });
  }

  /** A step that does not end by itself: whatever it still gives is dropped. */
  #giveUp(step: StepInFlight, { status, error }: Stop): void {
    const { slot, number } = step;
    step.attempt?.abandon(error);
    this.#inFlight.remove(step);
    if (status === undefined) return;
    this.#endings.fail(slot, number, step.isEffectIntended ? uncertainEffect() : error);
  }

  #finish(): void {
    if (this.#over.signal.aborted) return;
    const { failure } = this.#endings;
    if (!this.#stop) {
      this.#writer.add(
        failure === undefined
          ? { kind: "run-finished", status: "succeeded" }
          : { kind: "run-finished", status: "failed", message: failure },
      );
    } else if (this.#stop.status !== undefined) {
      this.#writer.add({ kind: "run-finished", status: this.#stop.status, message: this.#stop.error.message });
    }
    this.#over.abort(RUN_OVER);
    this.#writer.flush().then(() => this.#resolve(this.#writer.state), this.#reject);
  }
}
