import type { CandleSeries } from "../../engine/market-data/candle-columns.js";
import { DAILY_SECONDS } from "../../engine/market-data/candle-interval.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { tradingDayToEpochMs } from "../../engine/units/trading-date.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";
import { textListLiteral } from "../sql-literal.js";

export interface StoredSeries {
  readonly symbol: InstrumentSymbol;
  readonly series: CandleSeries;
}

/**
 * The candles of one base interval exactly as stored, quarantined ones included, symbol by symbol in order of time:
 * what quality checks look at.
 */
export async function readStoredSeries(
  session: DatabaseSession,
  {
    dataset,
    intervalSeconds,
    symbols,
  }: { dataset: Dataset; intervalSeconds: number; symbols: readonly InstrumentSymbol[] },
): Promise<StoredSeries[]> {
  const daily = intervalSeconds === DAILY_SECONDS;
  const [table, time, ofInterval] = daily
    ? ["market_candles_daily", "trading_date", ""]
    : ["market_candles_intraday", "time", `AND interval_seconds = ${intervalSeconds}`];
  const { rowCount, columns: selected } = await selectColumns(
    session,
    `SELECT symbol, ${time}, open, high, low, close, volume FROM ${table}
      WHERE symbol = ANY(${textListLiteral(symbols)}) AND simulated = ${dataset === "simulated"} ${ofInterval}
      ORDER BY 1, 2`,
    {
      symbol: "text",
      time: daily ? "date" : "timestamptz",
      open: "float8",
      high: "float8",
      low: "float8",
      close: "float8",
      volume: "float8",
    },
  );
  const openedAtMs = daily
    ? Float64Array.from(selected.time.values, tradingDayToEpochMs)
    : Float64Array.from(selected.time.values);
  const columns = [selected.open, selected.high, selected.low, selected.close, selected.volume].map(
    ({ values }) => values,
  );
  const { codes, dictionary } = selected.symbol;
  const found: StoredSeries[] = [];
  for (let start = 0; start < rowCount; ) {
    let end = start + 1;
    while (end < rowCount && codes[end] === codes[start]) end++;
    const [open, high, low, close, volume] = columns.map((column) => column.subarray(start, end));
    found.push({
      symbol: dictionary[codes[start]!] as InstrumentSymbol,
      series: {
        length: end - start,
        openedAtMs: openedAtMs.subarray(start, end),
        open: open!,
        high: high!,
        low: low!,
        close: close!,
        volume: volume!,
      },
    });
    start = end;
  }
  return found;
}
