import type { FeedEvent } from "../engine/live-market/market-event.js";
import { FEED_BUFFER_EVENTS } from "./market-feed.js";

/** The largest number of events in a batch. */
const BATCH_EVENTS = 8_192;

/**
 * Events between a socket and the consumer of a feed. `onFull` asks the socket to stop when half of `capacity` waits:
 * what it has already read still fits into the other half. `onDrained` follows when all of it was taken.
 */
export class EventBuffer {
  readonly #capacity: number;
  readonly #onFull: () => void;
  readonly #onDrained: () => void;
  #waiting: FeedEvent[] = [];
  #wake: (() => void) | undefined;
  #drained = Promise.withResolvers<void>();
  #hasEnded = false;
  #isFull = false;

  constructor({
    capacity = FEED_BUFFER_EVENTS,
    onFull,
    onDrained,
  }: {
    readonly capacity?: number;
    readonly onFull: () => void;
    readonly onDrained: () => void;
  }) {
    this.#capacity = capacity;
    this.#onFull = onFull;
    this.#onDrained = onDrained;
  }

  /** True from `onFull` until `onDrained`. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Resolves when the buffer is not full, or when the signal aborts. */
  async untilDrained(signal: AbortSignal): Promise<void> {
    if (!this.#isFull || signal.aborted) return;
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal.addEventListener("abort", onAbort);
    await Promise.race([this.#drained.promise, aborted.promise]);
    signal.removeEventListener("abort", onAbort);
  }

  push(events: readonly FeedEvent[]): void {
    if (this.#hasEnded || events.length === 0) return;
    for (const event of events) this.#waiting.push(event);
    if (!this.#isFull && this.#waiting.length >= this.#capacity / 2) {
      this.#isFull = true;
      this.#drained = Promise.withResolvers<void>();
      this.#onFull();
    }
    this.#wake?.();
  }

  /** What waits is still given out; then the batches end. */
  end(): void {
    this.#hasEnded = true;
    this.#wake?.();
  }

  /** The next batch, never empty; `undefined` at the end. */
  async take(): Promise<readonly FeedEvent[] | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#hasEnded) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#waiting.length > BATCH_EVENTS) return this.#waiting.splice(0, BATCH_EVENTS);
    const batch = this.#waiting;
    this.#waiting = [];
    if (this.#isFull) {
      this.#isFull = false;
      this.#drained.resolve();
      this.#onDrained();
    }
    return batch;
  }
}
