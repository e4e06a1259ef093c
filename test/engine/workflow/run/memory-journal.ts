import type { RunEvent } from "../../../../src/engine/workflow/run-event.js";
import { encodeRunEvent, type RunJournal } from "../../../../src/engine/workflow/run-journal.js";

/** Keeps events as the JSON that a store would keep. */
export class MemoryJournal implements RunJournal {
  readonly lines: string[] = [];
  readonly events: RunEvent[] = [];
  flushes = 0;

  append(events: readonly RunEvent[]): void {
    for (const event of events) {
      this.lines.push(JSON.stringify(encodeRunEvent(event)));
      this.events.push(event);
    }
  }

  async flush(): Promise<void> {
    this.flushes++;
  }
}

/**
 * The process dies when a number of events is kept: nothing of what it does afterwards is. With `beforeEffects`, it
 * dies before the last of them is known to be durable, so that nothing is done on its strength.
 */
export class DyingJournal extends MemoryJournal {
  readonly #lives: number;
  readonly #beforeEffects: boolean;

  constructor(lives: number, beforeEffects: boolean) {
    super();
    this.#lives = lives;
    this.#beforeEffects = beforeEffects;
  }

  override append(events: readonly RunEvent[]): void {
    super.append(events.slice(0, Math.max(0, this.#lives - this.lines.length)));
  }

  override flush(): Promise<void> {
    const isDead = this.lines.length >= this.#lives && this.#beforeEffects;
    return isDead ? new Promise(() => {}) : super.flush();
  }
}
