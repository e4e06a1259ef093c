import type { CandleSeries } from "../../engine/market-data/candle-columns.js";
import { DAILY_SECONDS } from "../../engine/market-data/candle-interval.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import {
  dayColumnBuilder,
  Float64ColumnBuilder,
  TextColumnBuilder,
  TimestampColumnBuilder,
} from "../copy-binary/column-builders.js";
import { CopyColumnDecoder } from "../copy-binary/copy-decoder.js";
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
  const names = new TextColumnBuilder();
  const days = dayColumnBuilder();
  const instants = new TimestampColumnBuilder();
  const values = Array.from({ length: 5 }, () => new Float64ColumnBuilder());
  const decoder = new CopyColumnDecoder([names, daily ? days : instants, ...values]);
  const [table, time, ofInterval] = daily
    ? ["market_candles_daily", "trading_date", ""]
    : ["market_candles_intraday", "time", `AND interval_seconds = ${intervalSeconds}`];
  await session.copyOut(
    `COPY (SELECT symbol, ${time}, open, high, low, close, volume FROM ${table}
            WHERE symbol = ANY(${textListLiteral(symbols)}) AND simulated = ${dataset === "simulated"} ${ofInterval}
            ORDER BY 1, 2) TO STDOUT (FORMAT binary)`,
    decoder,
  );
  const openedAtMs = daily
    ? Float64Array.from(days.values, (day) => day * MS_PER_DAY - TRADING_UTC_OFFSET_MS)
    : instants.values;
  const columns = values.map((builder) => builder.values);
  const { codes, dictionary } = names;
  const found: StoredSeries[] = [];
  for (let start = 0; start < decoder.rowCount; ) {
    let end = start + 1;
    while (end < decoder.rowCount && codes[end] === codes[start]) end++;
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
