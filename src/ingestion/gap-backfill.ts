import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Tick } from "../engine/live-market/market-event.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import { MS_PER_MINUTE, MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { Database } from "../store/database.js";
import { listFeedGaps, measureGap, type StoredGap } from "../store/queries/feed-gaps.js";

export interface BackfillOptions {
  readonly database: Database;
  readonly feed: Pick<MarketFeed, "name" | "history">;
  readonly dataset: Dataset;
  readonly logger: Logger;
  readonly nowMs: () => number;
  /** Takes trades like those of the stream; resolves when they are in the database. */
  readonly deliver: (ticks: readonly Tick[], signal: AbortSignal) => Promise<void>;
  /** A gap that late trades have not closed by themselves. */
  readonly onOpen: (gap: StoredGap) => void;
  readonly onFilled: (gap: StoredGap) => void;
}

/** So long a gap is left alone, since reordered trades close it by themselves. */
const GRACE_MS = 1_500;
const POLL_MS = 1_000;
const FIRST_RETRY_MS = 2 * MS_PER_SECOND;
const LONGEST_RETRY_MS = 5 * MS_PER_MINUTE;
const GAPS_AT_ONCE = 2;
const GAPS_PER_ROUND = 200;
/** Trades handed over together. */
const DELIVERED_TICKS = 2_000;
/** Less than this part of a volume is a rounding error of its sum. */
const ROUNDING = 1e-9;

/**
 * Fills gaps from the feed's history, some at a time, for as long as it runs. Which gaps are open stands in the
 * database, so that none is forgotten by a restart. What a history does not have is asked for again, ever more rarely.
 */
export class GapBackfill {
  readonly #options: BackfillOptions;
  /** When a gap is tried next, and after how long the time after; by its number. Only of open gaps. */
  #tries = new Map<number, { atMs: number; delayMs: number }>();

  constructor(options: BackfillOptions) {
    this.#options = options;
  }

  async run(stop: AbortSignal): Promise<void> {
    let isAway = false;
    while (!stop.aborted) {
      await delay(POLL_MS, undefined, { signal: stop }).catch(() => {});
      if (stop.aborted) return;
      try {
        await this.#round(stop);
        isAway = false;
      } catch (error) {
        this.#options.logger[isAway ? "debug" : "warn"](
          { error: (error as Error).message },
          "gaps could not be looked at",
        );
        isAway = true;
      }
    }
  }

  async #round(stop: AbortSignal): Promise<void> {
    const { database, feed, dataset } = this.#options;
    const open = await listFeedGaps(database, { dataset, feed: feed.name, isOpen: true, limit: GAPS_PER_ROUND });
    this.#tries = new Map(open.flatMap(({ id }) => (this.#tries.has(id) ? [[id, this.#tries.get(id)!]] : [])));
    const now = performance.now();
    const due = open.filter(({ id }) => (this.#tries.get(id)?.atMs ?? this.#graceOf(id, now)) <= now);
    const next = due.values();
    await Promise.all(
      Array.from({ length: GAPS_AT_ONCE }, async () => {
        for (const gap of next) {
          if (stop.aborted) return;
          await this.#fill(gap, stop);
        }
      }),
    );
  }

  #graceOf(id: number, now: number): number {
    this.#tries.set(id, { atMs: now + GRACE_MS - POLL_MS, delayMs: FIRST_RETRY_MS });
    return now + GRACE_MS - POLL_MS;
  }

  async #fill(gap: StoredGap, stop: AbortSignal): Promise<void> {
    const { feed, logger, onOpen, onFilled } = this.#options;
    if (await this.#measure(gap, gap.note === "" ? "trades came late" : gap.note)) {
      onFilled(gap);
      return;
    }
    onOpen(gap);
    let note = "the feed has no history of trades";
    if (feed.history) {
      try {
        const delivered = await this.#fetch(gap, stop);
        note = delivered === 0 ? "the history has none of these trades" : "filled from history";
      } catch (error) {
        note = `the history did not answer: ${(error as Error).message}`;
        logger.warn({ symbol: gap.symbol, board: gap.board, error: (error as Error).message }, "a gap is not filled");
      }
    }
    if (await this.#measure(gap, note)) {
      onFilled(gap);
      return;
    }
    const { delayMs } = this.#tries.get(gap.id) ?? { delayMs: FIRST_RETRY_MS };
    this.#tries.set(gap.id, { atMs: performance.now() + delayMs, delayMs: Math.min(2 * delayMs, LONGEST_RETRY_MS) });
  }

  #measure(gap: StoredGap, note: string): Promise<boolean> {
    const { database, dataset, nowMs } = this.#options;
    return measureGap(database, gap, { dataset, note: note.slice(0, 500), nowMs: nowMs() });
  }

  /** Delivers the trades of the gap, and none around it; returns how many. */
  async #fetch(
    { symbol, board, fromMs, toMs, volumeBefore, volumeAfter }: StoredGap,
    stop: AbortSignal,
  ): Promise<number> {
    const { feed, deliver } = this.#options;
    const tolerance = ROUNDING * volumeAfter;
    let delivered = 0;
    const query = { symbol, board, fromMs, toMs, cumulativeVolumeBefore: volumeBefore, signal: stop };
    for await (const trades of feed.history!.trades(query)) {
      const missing = trades.filter(
        ({ cumulativeVolume, quantity }) =>
          cumulativeVolume - quantity >= volumeBefore - tolerance && cumulativeVolume <= volumeAfter + tolerance,
      );
      for (let at = 0; at < missing.length; at += DELIVERED_TICKS) {
        await deliver(missing.slice(at, at + DELIVERED_TICKS), stop);
      }
      delivered += missing.length;
    }
    return delivered;
  }
}
