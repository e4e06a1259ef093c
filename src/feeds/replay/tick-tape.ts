import type { MarketEvent, RejectedFrame } from "../../engine/live-market/market-event.js";
import type { Dataset } from "../../engine/market-data/dataset.js";

export type TapeEvent = MarketEvent | RejectedFrame;

/** Events of the past in the order in which they are to come out: a file, or ticks that were stored. */
export interface TickTape {
  /** What it is, as figures print it. */
  readonly description: string;
  readonly dataset: Dataset;
  /** Every event at or after an instant, in batches; each call reads from the tape's beginning. */
  open(fromMs: number): AsyncIterable<readonly TapeEvent[]>;
  /** Times of the earliest and the latest event. */
  range(): Promise<TapeRange>;
}

export interface TapeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When an event happened, on the tape's clock: reference prices and rejected frames have only their receipt. */
export function tapeTimeOf(event: TapeEvent): number {
  switch (event.kind) {
    case "reference":
      return event.receivedAtMs;
    case "rejected":
      return event.atMs;
    default:
      return event.eventTimeMs;
  }
}
