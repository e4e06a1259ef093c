import { writeFigureMetadata } from "../contracts/figure-metadata.js";
import type { CandleColumns } from "../engine/market-data/candle-columns.js";
import { type CandleInterval, DAILY_SECONDS, INTERVAL_SECONDS } from "../engine/market-data/candle-interval.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import { tradingDateOf, tradingDayNumberOf } from "../engine/units/trading-date.js";
import { type ArrowColumns, arrowStream, arrowTable } from "../store/arrow/arrow-table.js";
import { parquetFile } from "../store/arrow/parquet-file.js";

export const CANDLE_FORMATS = ["csv", "json", "arrow", "parquet"] as const;

export type CandleFormat = (typeof CANDLE_FORMATS)[number];

export interface CandleFacts {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly dataset: Dataset;
  readonly source: string;
  /** A sentence on quarantined rows left out; "" when there are none. */
  readonly excluded: string;
}

/**
 * Candles as a file. CSV has the header that `quantflow import` reads; a value that is not there is empty in CSV and
 * null in JSON. A daily candle carries its trading date, any other its opening instant in UTC.
 */
export function formatCandles(candles: CandleColumns, facts: CandleFacts, format: CandleFormat): string | Uint8Array {
  switch (format) {
    case "csv":
      return csv(candles, facts);
    case "json":
      return json(candles, facts);
    case "arrow":
      return arrowStream(arrowTable(arrowColumns(candles, facts), candles.length, metadata(candles, facts)));
    case "parquet":
      return parquetFile(arrowColumns(candles, facts), metadata(candles, facts));
  }
}

const VALUE_NAMES = ["open", "high", "low", "close", "volume"] as const;

function csv(candles: CandleColumns, facts: CandleFacts): string {
  const lines = [`time,symbol,${VALUE_NAMES.join(",")}`];
  for (let row = 0; row < candles.length; row++) {
    const values = VALUE_NAMES.map((name) => (Number.isNaN(candles[name][row]) ? "" : candles[name][row]));
    lines.push(`${timeOf(candles, row, facts)},${facts.symbol},${values.join(",")}`);
  }
  return `${lines.join("\n")}\n`;
}

function json(candles: CandleColumns, facts: CandleFacts): string {
  const rows = Array.from({ length: candles.length }, (_, row) => ({
    time: timeOf(candles, row, facts),
    ...Object.fromEntries(
      VALUE_NAMES.map((name) => [name, Number.isNaN(candles[name][row]) ? null : candles[name][row]]),
    ),
  }));
  return `${JSON.stringify({ ...facts, candles: rows })}\n`;
}

function arrowColumns(candles: CandleColumns, facts: CandleFacts): ArrowColumns {
  return {
    time: isDaily(facts)
      ? { type: "day", values: Int32Array.from(candles.openedAtMs, tradingDayNumberOf) }
      : { type: "instant", values: candles.openedAtMs },
    symbol: { type: "dictionary", dictionary: candles.symbols, codes: candles.symbolCodes },
    open: { type: "float64", values: candles.open },
    high: { type: "float64", values: candles.high },
    low: { type: "float64", values: candles.low },
    close: { type: "float64", values: candles.close },
    volume: { type: "float64", values: candles.volume },
  };
}

function metadata(candles: CandleColumns, facts: CandleFacts): Map<string, string> {
  const asOf = candles.length === 0 ? "" : timeOf(candles, candles.length - 1, facts);
  return writeFigureMetadata({ ...facts, asOf, rows: candles.length });
}

function timeOf(candles: CandleColumns, row: number, facts: CandleFacts): string {
  const openedAtMs = candles.openedAtMs[row]!;
  return isDaily(facts) ? tradingDateOf(openedAtMs) : new Date(openedAtMs).toISOString();
}

function isDaily({ interval }: CandleFacts): boolean {
  return INTERVAL_SECONDS[interval] === DAILY_SECONDS;
}
