import type { RunEvent } from "./run-event.js";

/** Where the events of one run are kept. */
export interface RunJournal {
  /**
   * Takes events that follow what was appended before. Batches come in order, and the next may come before the promise
   * of the former is kept. A rejection ends the execution; the run can be taken up from what was kept.
   */
  append(events: readonly RunEvent[]): void | Promise<void>;
  /** Resolves when everything appended outlives a power failure. */
  flush(): Promise<void>;
}
