import type { FeedEvent } from "../../engine/live-market/market-event.js";
import { EventBuffer } from "../event-buffer.js";

/** An event buffer that those who fill it can wait for. */
export class RoomyBuffer {
  readonly #buffer: EventBuffer;
  #emptied = Promise.withResolvers<void>();
  #hasEnded = false;

  constructor(capacity: number) {
    this.#buffer = new EventBuffer({
      capacity,
      onFull: () => {
        this.#emptied = Promise.withResolvers();
      },
      onDrained: () => this.#emptied.resolve(),
    });
  }

  get isFull(): boolean {
    return this.#buffer.isFull && !this.#hasEnded;
  }

  push(events: readonly FeedEvent[]): void {
    this.#buffer.push(events);
  }

  /** Resolves when the buffer is not full, or has ended. */
  async room(): Promise<void> {
    while (this.isFull) await this.#emptied.promise;
  }

  end(): void {
    this.#hasEnded = true;
    this.#buffer.end();
    this.#emptied.resolve();
  }

  /** The next batch; `undefined` at the end. */
  take(): Promise<readonly FeedEvent[] | undefined> {
    return this.#buffer.take();
  }
}
