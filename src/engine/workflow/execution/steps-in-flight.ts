import type { AttemptReport } from "./step-attempt.js";
import type { StepInFlight } from "./step-in-flight.js";

/**
 * Steps that were begun and have not ended. In order, their reports come out in the order in which they were begun, and
 * each keeps its place until it ends; otherwise reports come out as they came in, and a step between two attempts gives
 * its place up.
 */
export class StepsInFlight {
  readonly #isInOrder: boolean;
  readonly #places: number;
  readonly #steps = new Set<StepInFlight>();
  readonly #arrived: StepInFlight[] = [];
  readonly #asleep = new Set<StepInFlight>();
  readonly #awake: StepInFlight[] = [];

  constructor(isInOrder: boolean, places: number) {
    this.#isInOrder = isInOrder;
    this.#places = Math.max(1, places);
  }

  get size(): number {
    return this.#steps.size;
  }

  get hasPlace(): boolean {
    return this.#steps.size - this.#asleep.size < this.#places;
  }

  [Symbol.iterator](): Iterator<StepInFlight> {
    return this.#steps[Symbol.iterator]();
  }

  add(step: StepInFlight): void {
    this.#steps.add(step);
  }

  remove(step: StepInFlight): void {
    this.#steps.delete(step);
    this.#asleep.delete(step);
  }

  receive(step: StepInFlight, report: AttemptReport): void {
    step.report = report;
    if (!this.#isInOrder) this.#arrived.push(step);
  }

  /** The next step whose report counts, in any order where asked for; undefined while there is none. */
  nextReported(inAnyOrder: boolean): StepInFlight | undefined {
    if (!this.#isInOrder) {
      let step = this.#arrived.shift();
      while (step && !this.#steps.has(step)) step = this.#arrived.shift();
      return step;
    }
    for (const step of this.#steps) {
      if (step.report) return step;
      if (!inAnyOrder) return undefined;
    }
    return undefined;
  }

  putToSleep(step: StepInFlight): void {
    step.isWaiting = true;
    if (!this.#isInOrder) this.#asleep.add(step);
  }

  /** The time of its next attempt has come. */
  wake(step: StepInFlight): void {
    if (this.#steps.has(step)) this.#awake.push(step);
  }

  /** A step to begin again, if there is one and a place for it. */
  takeAwake(): StepInFlight | undefined {
    const [first] = this.#awake;
    if (!first || !(this.#isInOrder || this.hasPlace)) return undefined;
    this.#awake.shift();
    this.#asleep.delete(first);
    first.isWaiting = false;
    return first;
  }
}
