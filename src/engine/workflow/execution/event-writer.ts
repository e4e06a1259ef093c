import type { EpochMs } from "../../units/epoch-ms.js";
import type { RunEvent, RunFact } from "../run-event.js";
import type { RunJournal } from "../run-journal.js";
import { applyEvent, type RunDraft } from "../run-reducer.js";

type Mutable<Event> = { -readonly [Field in keyof Event]: Event[Field] };

/** Turns facts into events: numbers them, dates them, applies them to the state and hands them to the journal. */
export class EventWriter {
  readonly state: RunDraft;
  /** What the clock said at the last event, which may be before the time that the event got. */
  clockMs = 0;
  readonly #journal: RunJournal;
  readonly #nowMs: () => number;
  readonly #onFailure: (error: unknown) => void;
  #batch: RunEvent[] = [];

  constructor(state: RunDraft, journal: RunJournal, nowMs: () => number, onFailure: (error: unknown) => void) {
    this.state = state;
    this.#journal = journal;
    this.#nowMs = nowMs;
    this.#onFailure = onFailure;
  }

  /** The time that an event would get. */
  nextAtMs(): EpochMs {
    return Math.max(this.#nowMs(), this.state.lastAtMs) as EpochMs;
  }

  /** Makes an event of a fact, which becomes the writer's own. Times never decrease, whatever the clock does. */
  add(fact: RunFact): void {
    const event = fact as Mutable<RunEvent>;
    this.clockMs = this.#nowMs();
    event.sequence = this.state.nextSequence;
    event.atMs = Math.max(this.clockMs, this.state.lastAtMs) as EpochMs;
    applyEvent(this.state, event);
    this.#batch.push(event);
  }

  /** Hands over what was added since the last time. */
  deliver(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    try {
      const appended = this.#journal.append(batch);
      if (appended) appended.catch(this.#onFailure);
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Resolves when everything added so far is durable. */
  async flush(): Promise<void> {
    this.deliver();
    await this.#journal.flush();
  }
}
