import { WorkbenchError } from "../../engine/errors.js";
import type { JsonValue } from "../../engine/workflow/json-value.js";
import { type RunEvent, stepName } from "../../engine/workflow/run-event.js";
import type { RunJournal } from "../../engine/workflow/run-journal.js";
import type { StateText } from "../../store/queries/workflow-run-events.js";
import type { RunEnd, RunLease } from "../../store/queries/workflow-runs.js";
import { encodeEvent } from "./run-event-codec.js";
import type { RunStore } from "./run-store.js";

/** Longest time that an event waits to be stored, in ms, unless a flush comes first. */
const FLUSH_AFTER_MS = 200;

export interface StoredRunJournalOptions {
  readonly runs: RunStore;
  readonly lease: RunLease;
  /** A dry run leaves nothing for the next. */
  readonly keepsStates: boolean;
  /** Code of a step that failed in an earlier part of the run. */
  readonly failureCode: string | undefined;
  /** Events could not be stored, and nothing waits for them: the run has to be given up. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Keeps the events of one run. They are stored together: before effects and at the end, when the execution asks for it,
 * and soon after they happened otherwise. A run that ends within that time costs one statement, shared with others.
 */
export class StoredRunJournal implements RunJournal {
  readonly #options: StoredRunJournalOptions;
  #waiting: RunEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stored: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #failureCode: string | undefined;

  constructor(options: StoredRunJournalOptions) {
    this.#options = options;
    this.#failureCode = options.failureCode;
  }

  append(events: readonly RunEvent[]): void {
    if (this.#failure) throw this.#failure.error;
    this.#waiting.push(...events);
    this.#timer ??= setTimeout(() => {
      this.flush().catch(this.#options.onFailure);
    }, FLUSH_AFTER_MS);
  }

  flush(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) {
      const events = this.#waiting;
      this.#waiting = [];
      this.#stored = this.#stored.then(() => this.#store(events));
      this.#stored.catch((error: unknown) => {
        this.#failure ??= { error };
      });
    }
    return this.#stored;
  }

  /** What was not stored is forgotten, and nothing more is taken. */
  close(error: unknown = new WorkbenchError("CANCELLED", "the run has ended in this worker")): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#failure ??= { error };
  }

  async #store(events: readonly RunEvent[]): Promise<void> {
    const { runs, lease, keepsStates } = this.#options;
    const encoded = events.map(encodeEvent);
    for (const { streams } of encoded) for (const stream of streams) await runs.keepOutput(stream);
    const states = keepsStates ? events.flatMap(statesSetBy) : [];
    await runs.append({ lease, events: encoded.map(({ text }) => text), states, end: this.#endOf(events) });
  }

  #endOf(events: readonly RunEvent[]): RunEnd | undefined {
    for (const event of events) {
      if (event.kind === "step-failed") this.#failureCode ??= event.code;
      if (event.kind !== "run-finished") continue;
      const { status, atMs, message } = event;
      const code = status === "succeeded" || status === "cancelled" ? undefined : this.#failureCode;
      return { status, finishedAtMs: atMs, code, message: message && withoutNul(message) };
    }
    return undefined;
  }
}

function statesSetBy(event: RunEvent): StateText[] {
  // What an earlier run gave was kept when it did.
  if (event.kind !== "step-succeeded" || event.reused === "earlier-run") return [];
  const { nodeState, variables = {} } = event;
  return [
    ...Object.entries(variables).map(([name, value]) => state("variable", name, value)),
    ...(nodeState === undefined ? [] : [state("node", stepName(event), nodeState)]),
  ];
}

function state(kind: StateText["kind"], name: string, value: JsonValue): StateText {
  return { kind, name: withoutNul(name), value: JSON.stringify(value) };
}

/** Columns of text take every character but NUL. */
function withoutNul(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}
