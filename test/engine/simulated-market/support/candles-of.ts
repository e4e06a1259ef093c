import type { CandleColumns, CandleSeries } from "../../../../src/engine/market-data/candle-columns.js";
import type { InstrumentSymbol } from "../../../../src/engine/market-data/instrument-symbol.js";

/** The rows of one symbol; columns hold each symbol's rows together. */
export function candlesOf(columns: CandleColumns, symbol: InstrumentSymbol | string): CandleSeries {
  const code = columns.symbols.indexOf(symbol as InstrumentSymbol);
  const begin = columns.symbolCodes.indexOf(code);
  const end = columns.symbolCodes.lastIndexOf(code) + 1;
  const rows = (column: Float64Array) => (begin < 0 ? new Float64Array() : column.subarray(begin, end));
  return {
    length: begin < 0 ? 0 : end - begin,
    openedAtMs: rows(columns.openedAtMs),
    open: rows(columns.open),
    high: rows(columns.high),
    low: rows(columns.low),
    close: rows(columns.close),
    volume: rows(columns.volume),
  };
}
