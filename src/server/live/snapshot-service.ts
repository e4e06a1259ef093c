import type { HeatmapRow, SnapshotType } from "../../contracts/market-api.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { type CachedSnapshot, SNAPSHOT_TTL_MS, type SnapshotCache } from "../../shared-state/snapshot-cache.js";
import type { MarketRows, MarketRowsSource } from "./market-rows.js";

const MOVERS = 10;

export interface SnapshotServiceOptions {
  readonly rows: Pick<MarketRowsSource, "read">;
  readonly snapshots: SnapshotCache;
  readonly nowMs: () => number;
}

/**
 * Snapshots of at most `SNAPSHOT_TTL_MS` of age: from the cache, else made anew, once however many ask meanwhile. What
 * was made stays at hand for a cache that is out of reach, and the last one, with its true age, for when none can be made.
 */
export class SnapshotService {
  readonly #options: SnapshotServiceOptions;
  readonly #inTheMaking = new Map<string, Promise<CachedSnapshot>>();
  /** By what their bodies begin with. */
  readonly #own = new Map<string, CachedSnapshot>();

  constructor(options: SnapshotServiceOptions) {
    this.#options = options;
  }

  /** @param isShown whether the dataset is the one that the workbench shows: the other one has keys of its own */
  async read(type: SnapshotType, dataset: Dataset, isShown: boolean): Promise<CachedSnapshot> {
    const key = isShown ? type : `${type}:${dataset}`;
    const flight = `${key} ${dataset}`;
    const running = this.#inTheMaking.get(flight);
    if (running !== undefined) return running;
    const finding = this.#find(key, type, dataset).finally(() => this.#inTheMaking.delete(flight));
    this.#inTheMaking.set(flight, finding);
    return finding;
  }

  async #find(key: string, type: SnapshotType, dataset: Dataset): Promise<CachedSnapshot> {
    const { rows, snapshots, nowMs } = this.#options;
    const opening = bodyOpening(type, dataset);
    const shared = await snapshots.read(key);
    const candidates = [shared, this.#own.get(opening)].filter(
      (known) => known?.body.startsWith(opening) && known.madeAtMs <= nowMs(),
    );
    const [newest] = candidates.sort((a, b) => b!.madeAtMs - a!.madeAtMs);
    if (newest !== undefined) {
      this.#own.set(opening, newest);
      if (nowMs() - newest.madeAtMs < SNAPSHOT_TTL_MS) return newest;
    }
    const madeAtMs = nowMs();
    let read: MarketRows;
    try {
      read = await rows.read(dataset);
    } catch (error) {
      if (newest === undefined) throw error;
      return newest;
    }
    const rest = JSON.stringify({ madeAt: new Date(madeAtMs).toISOString(), ...snapshotOf(type, read) });
    const made = { madeAtMs, body: `${opening}${rest.slice(1)}` };
    this.#own.set(opening, made);
    await snapshots.write(key, made);
    return made;
  }
}

/** What every body of a type and dataset begins with. */
function bodyOpening(type: SnapshotType, dataset: Dataset): string {
  return `{"type":"${type}","dataset":"${dataset}",`;
}

function snapshotOf(type: SnapshotType, { origin, asOf, rows, indexes }: MarketRows): object {
  const facts = { origin, asOf };
  if (type === "heatmap") return { ...facts, rows };
  if (type === "indexes") return { ...facts, rows: indexes };
  const shares = rows.filter(({ assetClass }) => assetClass === "equity");
  const sumOf = (field: "volume" | "tradedValue") =>
    shares.length === 0 ? null : shares.reduce((sum, row) => sum + (row[field] ?? 0), 0);
  const count = (holds: (change: number) => boolean) =>
    shares.filter(({ change }) => change !== null && holds(change)).length;
  const byChange = shares.filter(({ change }) => change !== null).sort((a, b) => b.change! - a.change!);
  return {
    ...facts,
    breadth: {
      advances: count((change) => change > 0),
      declines: count((change) => change < 0),
      unchanged: count((change) => change === 0),
      unknown: shares.length - byChange.length,
    },
    volume: sumOf("volume"),
    tradedValue: sumOf("tradedValue"),
    indexes,
    gainers: byChange
      .filter(({ change }) => change! > 0)
      .slice(0, MOVERS)
      .map(mover),
    losers: byChange
      .filter(({ change }) => change! < 0)
      .slice(-MOVERS)
      .reverse()
      .map(mover),
    mostTraded: shares
      .filter(({ tradedValue }) => tradedValue !== null && tradedValue > 0)
      .sort((a, b) => b.tradedValue! - a.tradedValue!)
      .slice(0, MOVERS)
      .map(mover),
  };
}

function mover({ symbol, name, price, change, volume, tradedValue }: HeatmapRow) {
  return { symbol, name, price, change, volume, tradedValue };
}
