import type { CandleColumns, CandleSeries } from "../market-data/candle-columns.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";

/** An empty series of the given length at the given times, for one symbol, to be filled row by row. */
export function emptySeries(openedAtMs: Float64Array): CandleSeries {
  const { length } = openedAtMs;
  const column = () => new Float64Array(length);
  return { length, openedAtMs, open: column(), high: column(), low: column(), close: column(), volume: column() };
}

/** The series one after another as columns, each under its symbol. */
export function joinSeries(seriesBySymbol: ReadonlyMap<InstrumentSymbol, CandleSeries>): CandleColumns {
  const all = [...seriesBySymbol.values()];
  const length = all.reduce((rows, series) => rows + series.length, 0);
  const symbolCodes = new Int32Array(length);
  const { openedAtMs, open, high, low, close, volume } = emptySeries(new Float64Array(length));
  let start = 0;
  for (const [code, series] of all.entries()) {
    symbolCodes.fill(code, start, start + series.length);
    openedAtMs.set(series.openedAtMs, start);
    open.set(series.open, start);
    high.set(series.high, start);
    low.set(series.low, start);
    close.set(series.close, start);
    volume.set(series.volume, start);
    start += series.length;
  }
  return { length, symbols: [...seriesBySymbol.keys()], symbolCodes, openedAtMs, open, high, low, close, volume };
}
