import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Tick } from "../engine/live-market/market-event.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import { MS_PER_MINUTE, MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import type { MarketFeed } from "../feeds/market-feed.js";
import type { Database } from "../store/database.js";
import { listFeedGaps, measureGap, type StoredGap } from "../store/queries/feed-gaps.js";
import { type GapSpan, gapSpans } from "./gap-spans.js";

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
const SPANS_AT_ONCE = 2;
/** More than a day of many symbols has: what never closes must not keep the others from their turn. */
const GAPS_PER_ROUND = 5_000;
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
    const next = gapSpans(due).values();
    await Promise.all(
      Array.from({ length: SPANS_AT_ONCE }, async () => {
        for (const span of next) {
          if (stop.aborted) return;
          await this.#fill(span, stop);
        }
      }),
    );
  }

  #graceOf(id: number, now: number): number {
    this.#tries.set(id, { atMs: now + GRACE_MS - POLL_MS, delayMs: FIRST_RETRY_MS });
    return now + GRACE_MS - POLL_MS;
  }

  async #fill(span: GapSpan, stop: AbortSignal): Promise<void> {
    const open = await this.#stillOpen(span.gaps, ({ note }) => (note === "" ? "trades came late" : note));
    if (open.length === 0) return;
    for (const gap of open) this.#options.onOpen(gap);
    for (const rest of gapSpans(open)) {
      const noteOf = await this.#askHistory(rest, stop);
      for (const { id } of await this.#stillOpen(rest.gaps, noteOf)) {
        const { delayMs } = this.#tries.get(id) ?? { delayMs: FIRST_RETRY_MS };
        this.#tries.set(id, { atMs: performance.now() + delayMs, delayMs: Math.min(2 * delayMs, LONGEST_RETRY_MS) });
      }
    }
  }

  /** Measures gaps, and says which of them are not closed by that. */
  async #stillOpen(gaps: readonly StoredGap[], noteOf: (gap: StoredGap) => string): Promise<readonly StoredGap[]> {
    const open: StoredGap[] = [];
    for (const gap of gaps) {
      if (await this.#measure(gap, noteOf(gap))) this.#options.onFilled(gap);
      else open.push(gap);
    }
    return open;
  }

  /** Delivers what the history has of a span's gaps; gives what is to be noted of each of them. */
  async #askHistory(span: GapSpan, stop: AbortSignal): Promise<(gap: StoredGap) => string> {
    const { feed, logger } = this.#options;
    if (!feed.history) return () => "the feed has no history of trades";
    try {
      const delivered = await this.#fetch(span, stop);
      return (gap) => (delivered.has(gap.id) ? "filled from history" : "the history has none of these trades");
    } catch (error) {
      const { message } = error as Error;
      const { symbol, board } = span.gaps[0]!;
      logger.warn({ symbol, board, gaps: span.gaps.length, error: message }, "gaps are not filled");
      return () => `the history did not answer: ${message}`;
    }
  }

  #measure(gap: StoredGap, note: string): Promise<boolean> {
    const { database, dataset, nowMs } = this.#options;
    return measureGap(database, gap, { dataset, note: note.slice(0, 500), nowMs: nowMs() });
  }

  /** Delivers the trades of the gaps, and none around them; returns the numbers of the gaps that got some. */
  async #fetch({ gaps, fromMs, toMs, volumeBefore }: GapSpan, stop: AbortSignal): Promise<ReadonlySet<number>> {
    const { feed, deliver } = this.#options;
    const { symbol, board } = gaps[0]!;
    const delivered = new Set<number>();
    const query = { symbol, board, fromMs, toMs, cumulativeVolumeBefore: volumeBefore, signal: stop };
    for await (const trades of feed.history!.trades(query)) {
      const missing = trades.filter((trade) => {
        const gap = gaps.find((each) => isWithin(trade, each));
        if (gap) delivered.add(gap.id);
        return gap !== undefined;
      });
      for (let at = 0; at < missing.length; at += DELIVERED_TICKS) {
        await deliver(missing.slice(at, at + DELIVERED_TICKS), stop);
      }
    }
    return delivered;
  }
}

function isWithin({ cumulativeVolume, quantity }: Tick, { volumeBefore, volumeAfter }: StoredGap): boolean {
  const tolerance = ROUNDING * volumeAfter;
  return cumulativeVolume - quantity >= volumeBefore - tolerance && cumulativeVolume <= volumeAfter + tolerance;
}
