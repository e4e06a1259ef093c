import { decodeOutputs, encodeOutputs } from "../../../../src/engine/workflow/port-value-codec.js";
import type { RunEvent } from "../../../../src/engine/workflow/run-event.js";
import type { RunJournal } from "../../../../src/engine/workflow/run-journal.js";

/** Keeps events as the JSON that a store would keep. */
export class MemoryJournal implements RunJournal {
  readonly lines: string[] = [];
  readonly events: RunEvent[] = [];
  flushes = 0;

  append(events: readonly RunEvent[]): void {
    for (const event of events) {
      this.lines.push(lineOf(event));
      this.events.push(event);
    }
  }

  async flush(): Promise<void> {
    this.flushes++;
  }
}

/**
 * The process dies when a number of events is kept: nothing that it does on the strength of later ones ever happens.
 * With `beforeEffects` it dies just before it could learn that the last of them is durable, otherwise just after.
 */
export class DyingJournal extends MemoryJournal {
  readonly #lives: number;
  readonly #beforeEffects: boolean;
  #appended = 0;

  constructor(lives: number, beforeEffects: boolean) {
    super();
    this.#lives = lives;
    this.#beforeEffects = beforeEffects;
  }

  override append(events: readonly RunEvent[]): void {
    super.append(events.slice(0, Math.max(0, this.#lives - this.#appended)));
    this.#appended += events.length;
  }

  override flush(): Promise<void> {
    const isDead = this.#beforeEffects ? this.#appended >= this.#lives : this.#appended > this.#lives;
    return isDead ? new Promise(() => {}) : super.flush();
  }

  /** What the next process finds. */
  kept(): RunEvent[] {
    return this.lines.map((line) => eventOf(line));
  }
}

function lineOf(event: RunEvent): string {
  return JSON.stringify(event.kind === "step-succeeded" ? { ...event, outputs: encodeOutputs(event.outputs) } : event);
}

function eventOf(line: string): RunEvent {
  const event = JSON.parse(line);
  return event.kind === "step-succeeded" ? { ...event, outputs: decodeOutputs(event.outputs) } : event;
}
