import { formatInstant } from "../format/time-format.js";
import { type MarketSnapshot, marketDayOf, type SnapshotRow } from "../market/market-snapshot.js";
import type { LiveMarket } from "./live.js";
import { liveNode } from "./live-node.js";
import { livePrice } from "./live-price.js";
import { liveRow } from "./live-row.js";

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
