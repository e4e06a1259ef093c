import type { FeedStatus } from "../engine/live-market/feed-status.js";
import type { MarketEvent } from "../engine/live-market/market-event.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { MarketBus } from "../shared-state/market-bus.js";

/** Messages that may be on their way at once; behind them the feed waits. */
const MOST_UNDER_WAY = 32;

/** Numbers the messages of one start and hands them to the bus in order. */
export class BusPublisher {
  #epoch: string;
  readonly #bus: MarketBus;
  readonly #feed: Pick<MarketFeed, "name" | "dataset" | "clock">;
  readonly #nowMs: () => number;
  #sequence = 0;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #underWay = 0;
  #last: Promise<void> = Promise.resolve();

  constructor({
    bus,
    feed,
    epoch,
    nowMs,
  }: {
    bus: MarketBus;
    feed: Pick<MarketFeed, "name" | "dataset" | "clock">;
    epoch: string;
    nowMs: () => number;
  }) {
    this.#bus = bus;
    this.#feed = feed;
    this.#epoch = epoch;
    this.#nowMs = nowMs;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Messages count anew: listeners forget what they know and read the store. */
  beginEpoch(epoch: string): void {
    this.#epoch = epoch;
    this.#sequence = 0;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Since the last message, whatever the machine's clock does meanwhile. */
  get silentForMs(): number {
    return performance.now() - this.#publishedAt;
  }

  /** Resolves at once unless many messages are under way. */
  async publish(events: readonly MarketEvent[], status: FeedStatus): Promise<void> {
    this.#publishedAt = performance.now();
    this.#underWay++;
    this.#last = this.#bus
      .publish({
        epoch: this.#epoch,
        sequence: ++this.#sequence,
        sentAtMs: this.#nowMs(),
        marketTimeMs: this.#feed.clock.nowMs(),
        feed: this.#feed.name,
        dataset: this.#feed.dataset,
        status,
        events,
      })
      .catch(() => {})
      .finally(() => {
        this.#underWay--;
      });
    if (this.#underWay >= MOST_UNDER_WAY) await this.#last;
  }

  settled(): Promise<void> {
    return this.#last;
  }
}
