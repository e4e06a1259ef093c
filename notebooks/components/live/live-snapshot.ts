import { formatInstant } from "../format/time-format.js";
import type { ChangePeriod } from "../market/change-period.js";
import { type MarketSnapshot, marketDayOf, type SnapshotRow } from "../market/market-snapshot.js";
import type { LiveMarket } from "./live.js";
import { liveNode } from "./live-node.js";
import { type LivePrice, liveDayMs, livePrice } from "./live-price.js";

const PERIODS_FROM_SNAPSHOT = ["1w", "1m", "3m", "ytd", "1y"] as const satisfies readonly ChangePeriod[];

/**
 * A row of the snapshot with the price of the stream in the place of its last close. The change on the day is from
 * the stream's reference price; other periods begin where the snapshot's begin, and are unknown for a day before it.
 */
export function liveRow(row: SnapshotRow, now: LivePrice): SnapshotRow {
  const dayMs = liveDayMs(now.eventTimeMs);
  const day = Number.isFinite(dayMs) ? dayMs : row.dayMs;
  const isPast = day < row.dayMs;
  const since = Object.fromEntries(
    PERIODS_FROM_SNAPSHOT.map((period) => [
      period,
      isPast ? Number.NaN : (now.price / row.close) * (1 + row.changes[period]) - 1,
    ]),
  ) as Record<(typeof PERIODS_FROM_SNAPSHOT)[number], number>;
  const fallback = row.dayMs === day ? row.close / (1 + row.changes["1d"]) : row.close;
  const onTheDay = Number.isFinite(now.change) ? now.change : isPast ? Number.NaN : now.price / fallback - 1;
  return {
    ...row,
    dayMs: day,
    close: now.price,
    changes: { "1d": onTheDay, ...since },
    volume: now.volume,
    tradedValue: now.value > 0 ? now.value : now.price * now.volume,
    recentCloses: isPast ? row.recentCloses : withLastClose(row, now.price, day),
  };
}

function withLastClose({ recentCloses, dayMs }: SnapshotRow, price: number, day: number): Float32Array {
  const before =
    day === dayMs ? recentCloses.subarray(0, -1) : recentCloses.subarray(recentCloses.length >= 60 ? 1 : 0);
  const closes = new Float32Array(before.length + 1);
  closes.set(before);
  closes[before.length] = price;
  return closes;
}

/** The snapshot of a page with the prices of the stream in it; the snapshot itself while nothing is followed. */
export class LiveSnapshot {
  readonly live: LiveMarket;
  readonly #stored: MarketSnapshot;
  readonly #storedRows: ReadonlyMap<string, SnapshotRow>;
  readonly #rows = new Map<string, SnapshotRow>();
  #market: MarketSnapshot | undefined;

  constructor(live: LiveMarket, stored: MarketSnapshot) {
    this.live = live;
    this.#stored = stored;
    this.#storedRows = new Map(stored.rows.map((row) => [row.symbol, row]));
    live.changes.add((changed) => this.#take(changed));
    live.restarts.add(() => {
      this.#rows.clear();
      this.#market = undefined;
    });
  }

  /** The market now. */
  get market(): MarketSnapshot {
    if (this.#rows.size === 0) return this.#stored;
    this.#market ??= this.#build();
    return this.#market;
  }

  row(symbol: string): SnapshotRow | undefined {
    return this.#rows.get(symbol) ?? this.#storedRows.get(symbol);
  }

  /** A node drawn from the market now, and again while it moves. */
  draw(render: (market: MarketSnapshot) => Node, options?: { everyMs?: number }): Node {
    return liveNode(this.live, () => render(this.market), options);
  }

  #take(changed: ReadonlySet<string>): void {
    for (const symbol of changed) {
      const stored = this.#storedRows.get(symbol);
      const now = stored && livePrice(this.live.board, symbol);
      if (stored && now) this.#rows.set(symbol, liveRow(stored, now));
    }
    this.#market = undefined;
  }

  #build(): MarketSnapshot {
    const rows = this.#stored.rows.map((row) => this.#rows.get(row.symbol) ?? row);
    const status = this.live.state.value.status;
    const asOf = formatInstant(status?.lastEventTimeMs ?? Number.NaN);
    return {
      rows,
      marketDayMs: marketDayOf(rows),
      provenance: {
        ...this.#stored.provenance,
        asOf: asOf.length > 1 ? asOf : this.#stored.provenance.asOf,
        source: `live feed ${status?.feed ?? ""} over ${this.#stored.provenance.source}`,
      },
    };
  }
}

export function liveSnapshot(live: LiveMarket, stored: MarketSnapshot): LiveSnapshot {
  return new LiveSnapshot(live, stored);
}
