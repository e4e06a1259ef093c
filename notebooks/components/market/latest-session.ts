import type { Table } from "npm:apache-arrow";
import { numberColumn, textColumn } from "../arrow-columns.js";
import { formatDay } from "../format/date-format.js";
import { type Provenance, readProvenance } from "../frame/provenance.js";
import { indexesOf } from "./index-cards.js";
import { equitiesOf, type MarketSnapshot, type SnapshotRow } from "./market-snapshot.js";
import { type SessionInterval, sessionIntervals } from "./session-intervals.js";

/** The session of the market's day. */
export interface LatestSession {
  readonly index: string;
  readonly previousClose: number;
  readonly intervals: readonly SessionInterval[];
  /** Equities that traded in it. */
  readonly shares: number;
  readonly provenance: Provenance;
  /** The day is not over: what it comes to is not known yet. */
  readonly isRunning?: boolean;
}

/**
 * The session of the market's day by five minutes, with the leading index that has candles in it. `undefined` when
 * the file holds another day or nothing, as where only daily prices are stored.
 */
export function latestSession(table: Table, snapshot: MarketSnapshot): LatestSession | undefined {
  const provenance = readProvenance(table.schema.metadata);
  if (provenance.asOf === "" || provenance.asOf !== formatDay(snapshot.marketDayMs)) return undefined;
  const symbols = textColumn(table, "symbol");
  const traded = new Set(symbols);
  const index = indexesOf(snapshot).find(
    (row) => traded.has(row.symbol) && row.dayMs === snapshot.marketDayMs && Number.isFinite(previousCloseOf(row)),
  );
  if (!index) return undefined;
  const candles = {
    symbols,
    times: numberColumn(table, "time"),
    closes: numberColumn(table, "close"),
    volumes: numberColumn(table, "volume"),
  };
  const equities = equitiesOf(snapshot).filter(({ symbol }) => traded.has(symbol));
  const previousCloses = new Map(equities.map((row) => [row.symbol, previousCloseOf(row)]));
  const previousClose = previousCloseOf(index);
  const intervals = sessionIntervals(candles, { symbol: index.symbol, previousClose }, previousCloses);
  return { index: index.symbol, previousClose, intervals, shares: equities.length, provenance };
}

function previousCloseOf({ close, changes }: SnapshotRow): number {
  return close / (1 + changes["1d"]);
}
