import type { Table } from "npm:apache-arrow";
import type { AssetClass } from "../../engine/market-data/instrument.js";
import { numberColumn, numberListColumn, textColumn } from "../arrow-columns.js";
import { formatDay } from "../format/date-format.js";
import { type Provenance, readProvenance } from "../frame/provenance.js";
import type { ChangePeriod } from "./change-period.js";

/** One instrument as of its last candle. Changes are fractions; `NaN` where the source has no value. */
export interface SnapshotRow {
  readonly symbol: string;
  readonly name: string | null;
  readonly exchange: string | null;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly assetClass: AssetClass;
  readonly currency: string;
  /** Day of the last candle, epoch milliseconds at 00:00 UTC. */
  readonly dayMs: number;
  readonly close: number;
  readonly changes: Readonly<Record<ChangePeriod, number>>;
  readonly volume: number;
  /** Close × volume of the last day, in `currency`: an estimate of the value traded. */
  readonly tradedValue: number;
  readonly marketCap: number;
  /** Up to 60 last closes, oldest first. */
  readonly recentCloses: Float32Array;
}

/** ISO 4217 for no currency: an index is in points, whatever its constituents trade in. */
const POINTS = "XXX";

export interface MarketSnapshot {
  readonly rows: readonly SnapshotRow[];
  /** The latest day on which an equity traded (any instrument, when there is no equity); not finite without rows. */
  readonly marketDayMs: number;
  readonly provenance: Provenance;
}

export function readSnapshot(table: Table): MarketSnapshot {
  const text = (name: string) => textColumn(table, name);
  const numbers = (name: string) => numberColumn(table, name);
  const [symbols, names, exchanges, sectors, industries, assetClasses, currencies] = [
    text("symbol"),
    text("name"),
    text("exchange"),
    text("sector"),
    text("industry"),
    text("asset_class"),
    text("currency"),
  ];
  const [days, closes, volumes, values, caps] = [
    numbers("date"),
    numbers("close"),
    numbers("volume"),
    numbers("value"),
    numbers("market_cap"),
  ];
  const changes = {
    "1d": numbers("change_1d"),
    "1w": numbers("change_1w"),
    "1m": numbers("change_1m"),
    "3m": numbers("change_3m"),
    ytd: numbers("change_ytd"),
    "1y": numbers("change_1y"),
  } satisfies Record<ChangePeriod, Float64Array>;
  const recent = numberListColumn(table, "sparkline");
  const rows = symbols.map(
    (symbol, i): SnapshotRow => ({
      symbol: symbol ?? "",
      name: names[i] === symbol ? null : (names[i] ?? null),
      exchange: exchanges[i] ?? null,
      sector: sectors[i] ?? null,
      industry: industries[i] ?? null,
      assetClass: (assetClasses[i] ?? "other") as AssetClass,
      currency: assetClasses[i] === "index" ? POINTS : (currencies[i] ?? POINTS),
      dayMs: days[i] ?? Number.NaN,
      close: closes[i] ?? Number.NaN,
      changes: {
        "1d": changes["1d"][i] ?? Number.NaN,
        "1w": changes["1w"][i] ?? Number.NaN,
        "1m": changes["1m"][i] ?? Number.NaN,
        "3m": changes["3m"][i] ?? Number.NaN,
        ytd: changes.ytd[i] ?? Number.NaN,
        "1y": changes["1y"][i] ?? Number.NaN,
      },
      volume: volumes[i] ?? Number.NaN,
      tradedValue: values[i] ?? Number.NaN,
      marketCap: caps[i] ?? Number.NaN,
      recentCloses: recent[i] ?? new Float32Array(),
    }),
  );
  return { rows, marketDayMs: marketDayOf(rows), provenance: readProvenance(table.schema.metadata) };
}

/** Shares only: what breadth, movers, sectors and the heatmap are about. */
export function equitiesOf(snapshot: MarketSnapshot): SnapshotRow[] {
  return snapshot.rows.filter(({ assetClass }) => assetClass === "equity");
}

/** Where the figures on the shares come from: as of the market's own day, not of a commodity that traded later. */
export function sharesProvenance(snapshot: MarketSnapshot): Provenance {
  return {
    ...snapshot.provenance,
    asOf: Number.isFinite(snapshot.marketDayMs) ? formatDay(snapshot.marketDayMs) : "",
    rows: equitiesOf(snapshot).length,
  };
}

/** A row whose last candle is older than the market's day: its change is not today's. */
export function isBehind(row: SnapshotRow, marketDayMs: number): boolean {
  return row.dayMs < marketDayMs;
}

/** The latest day on which an equity traded; any instrument, when there is no equity. */
export function marketDayOf(rows: readonly SnapshotRow[]): number {
  const equities = rows.filter(({ assetClass }) => assetClass === "equity");
  const days = (equities.length > 0 ? equities : rows).map(({ dayMs }) => dayMs);
  return days.reduce((latest, day) => Math.max(latest, day), Number.NEGATIVE_INFINITY);
}
