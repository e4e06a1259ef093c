import type { RunnableInputs } from "../step-inputs.js";
import type { StepSlot } from "./run-frontier.js";
import type { AttemptReport, StepAttempt } from "./step-attempt.js";

/** A step that was begun and has not ended. */
export class StepInFlight {
  readonly slot: StepSlot;
  readonly inputs: RunnableInputs;
  readonly inputsDigest: string;
  /** Of the attempt at work, from 1; 0 before the first. */
  number = 0;
  failures = 0;
  attempt: StepAttempt | undefined;
  /** What is to be written down next. */
  report: AttemptReport | undefined;
  /** Between two attempts. */
  isWaiting = false;
  isEffectIntended = false;

  constructor(slot: StepSlot, inputs: RunnableInputs, inputsDigest: string) {
    this.slot = slot;
    this.inputs = inputs;
    this.inputsDigest = inputsDigest;
  }
}
