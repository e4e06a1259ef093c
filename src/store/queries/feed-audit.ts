import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { dateLiteral, textLiteral } from "../sql-literal.js";
import { storedHolesOf } from "./feed-holes.js";
import { onTradingDay } from "./tick-queries.js";

/**
 * `complete`: every share traded is accounted for by stored ticks. `incomplete`: volume is missing. `miscounted`: the
 * stored ticks are not as many as were counted when they were stored.
 */
export const AUDIT_VERDICTS = ["complete", "incomplete", "miscounted"] as const;

export type AuditVerdict = (typeof AUDIT_VERDICTS)[number];

/** What became of the ticks of a symbol's board on a day. */
export interface AuditRow {
  readonly symbol: string;
  readonly board: string;
  readonly received: number;
  /** Counted in `market_ticks`. */
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly backfilled: number;
  readonly gapsFound: number;
  readonly gapsFilled: number;
  /** Of the chain of stored ticks, up to the last of them. */
  readonly missingVolume: number;
  readonly verdict: AuditVerdict;
}

/** Every symbol and board of a day, in order; frames that named none have an empty symbol. */
export async function auditFeedDay(
  session: DatabaseSession,
  {
    dataset,
    tradingDate,
    symbol,
  }: { dataset: Dataset; tradingDate: TradingDate; symbol?: InstrumentSymbol | undefined },
): Promise<AuditRow[]> {
  const isOfDataset = `simulated = ${dataset === "simulated"}`;
  const ofSymbol = symbol === undefined ? "" : `AND symbol = ${textLiteral(symbol)}`;
  const ofDay = `${isOfDataset} AND trading_date = ${dateLiteral(tradingDate)} ${ofSymbol}`;
  const { rowCount, columns } = await selectColumns(
    session,
    `WITH counted AS (
       SELECT symbol, board, sum(received)::float8 AS received, sum(stored)::float8 AS stored,
              sum(duplicates)::float8 AS duplicates, sum(rejected)::float8 AS rejected
         FROM feed_day_counts WHERE ${ofDay} GROUP BY 1, 2),
     kept AS (
       SELECT symbol, board, count(*)::float8 AS stored, (count(*) FILTER (WHERE backfilled))::float8 AS backfilled
         FROM market_ticks WHERE ${isOfDataset} AND ${onTradingDay(tradingDate)} ${ofSymbol} GROUP BY 1, 2),
     gaps AS (
       SELECT symbol, board, count(*)::float8 AS found, count(filled_at)::float8 AS filled
         FROM feed_gaps WHERE ${ofDay} GROUP BY 1, 2),
     holes AS (
       SELECT symbol, board, sum(volume_after - volume_before) AS volume
         FROM (${storedHolesOf(dataset, tradingDate, symbol)}) AS found GROUP BY 1, 2)
     SELECT symbol, board, coalesce(received, 0) AS received, coalesce(kept.stored, 0) AS stored,
            coalesce(counted.stored, 0) AS counted, coalesce(duplicates, 0) AS duplicates,
            coalesce(rejected, 0) AS rejected, coalesce(backfilled, 0) AS backfilled, coalesce(found, 0) AS found,
            coalesce(filled, 0) AS filled, coalesce(holes.volume, 0) AS missing
       FROM counted FULL JOIN kept USING (symbol, board) FULL JOIN gaps USING (symbol, board)
       FULL JOIN holes USING (symbol, board)
      ORDER BY symbol, board`,
    {
      symbol: "text",
      board: "text",
      received: "float8",
      stored: "float8",
      counted: "float8",
      duplicates: "float8",
      rejected: "float8",
      backfilled: "float8",
      found: "float8",
      filled: "float8",
      missing: "float8",
    },
  );
  return Array.from({ length: rowCount }, (_, row) => {
    const stored = columns.stored.values[row]!;
    const missingVolume = columns.missing.values[row]!;
    const isMiscounted = columns.counted.values[row] !== stored;
    return {
      symbol: columns.symbol.at(row)!,
      board: columns.board.at(row)!,
      received: columns.received.values[row]!,
      stored,
      duplicates: columns.duplicates.values[row]!,
      rejected: columns.rejected.values[row]!,
      backfilled: columns.backfilled.values[row]!,
      gapsFound: columns.found.values[row]!,
      gapsFilled: columns.filled.values[row]!,
      missingVolume,
      verdict: missingVolume > 0 ? "incomplete" : isMiscounted ? "miscounted" : "complete",
    };
  });
}

/** Datasets with ticks or counts on a day, the market first. */
export async function datasetsOfDay(session: DatabaseSession, tradingDate: TradingDate): Promise<Dataset[]> {
  const has = (isSimulated: boolean) =>
    `EXISTS (SELECT 1 FROM feed_day_counts WHERE simulated = ${isSimulated} AND trading_date = ${dateLiteral(tradingDate)})
     OR EXISTS (SELECT 1 FROM market_ticks WHERE simulated = ${isSimulated} AND ${onTradingDay(tradingDate)})`;
  const [row] = await session.query<{ market: boolean; simulated: boolean }>(
    `SELECT ${has(false)} AS market, ${has(true)} AS simulated`,
  );
  return [...(row!.market ? (["market"] as const) : []), ...(row!.simulated ? (["simulated"] as const) : [])];
}

/** The last day on which a feed brought something; `undefined` when none did. */
export async function lastFeedDate(session: DatabaseSession): Promise<TradingDate | undefined> {
  const [row] = await session.query<{ date: TradingDate | null }>(
    "SELECT max(trading_date)::text AS date FROM feed_day_counts",
  );
  return row!.date ?? undefined;
}
