import type { CandleColumns } from "../../src/engine/market-data/candle-columns.js";
import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { tradingDate, tradingDateToEpochMs } from "../../src/engine/units/trading-date.js";

export type CandleRow = readonly [symbol: string, time: string, o: number, h: number, l: number, c: number, v: number];

/** Candles from literals; a time is a trading date or an ISO instant. */
export function candlesOf(rows: readonly CandleRow[]): CandleColumns {
  const symbols = [...new Set(rows.map(([symbol]) => symbol))];
  const column = (index: number) => Float64Array.from(rows, (row) => row[index] as number);
  return {
    length: rows.length,
    symbols: symbols.map(instrumentSymbol),
    symbolCodes: Int32Array.from(rows, ([symbol]) => symbols.indexOf(symbol)),
    openedAtMs: Float64Array.from(rows, ([, time]) =>
      time.length === 10 ? tradingDateToEpochMs(tradingDate(time)) : Date.parse(time),
    ),
    open: column(2),
    high: column(3),
    low: column(4),
    close: column(5),
    volume: column(6),
  };
}

/** The rows of columns as literals, times as ISO instants. */
export function rowsOf(candles: CandleColumns): CandleRow[] {
  return Array.from({ length: candles.length }, (_, i) => [
    candles.symbols[candles.symbolCodes[i]!]!,
    new Date(candles.openedAtMs[i]!).toISOString(),
    candles.open[i]!,
    candles.high[i]!,
    candles.low[i]!,
    candles.close[i]!,
    candles.volume[i]!,
  ]);
}
