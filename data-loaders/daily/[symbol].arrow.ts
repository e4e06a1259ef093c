import { instrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { tradingDayNumberOf } from "../../src/engine/units/trading-date.js";
import { readCandles } from "../../src/store/queries/candle-queries.js";
import { datasetFacts, latestDate } from "../support/dataset-facts.js";
import { figureTable } from "../support/figure-table.js";
import { type Loader, runAsScript } from "../support/loader.js";

/** Daily candles of one symbol, by date. */
export const load: Loader = async ({ database, parameters }) => {
  const symbol = instrumentSymbol(parameters.symbol ?? "");
  const facts = await datasetFacts(database, symbol);
  const { candles, excluded } = await readCandles(database, {
    interval: "1d",
    dataset: facts.dataset,
    symbols: [symbol],
  });
  return figureTable(
    {
      date: { type: "day", values: Int32Array.from(candles.openedAtMs, tradingDayNumberOf) },
      open: { type: "float64", values: candles.open },
      high: { type: "float64", values: candles.high },
      low: { type: "float64", values: candles.low },
      close: { type: "float64", values: candles.close },
      volume: { type: "float64", values: candles.volume },
    },
    { ...facts, asOf: latestDate(candles.openedAtMs), rows: candles.length, excluded },
  );
};

await runAsScript(import.meta, load);
