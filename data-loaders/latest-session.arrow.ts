import type { CandleInterval } from "../src/engine/market-data/candle-interval.js";
import { epochMs, MS_PER_DAY } from "../src/engine/units/epoch-ms.js";
import { tradingDateOf, tradingDateToEpochMs } from "../src/engine/units/trading-date.js";
import { readCandles } from "../src/store/queries/candle-queries.js";
import { lastIntradayCandle } from "../src/store/queries/last-intraday-candle.js";
import { datasetFacts } from "./support/dataset-facts.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

const INTERVAL: CandleInterval = "5m";

/** Five-minute candles of every symbol on the last trading date that has intraday candles; no rows when none has. */
export const load: Loader = async ({ database }) => {
  const facts = await datasetFacts(database);
  const lastMs = await lastIntradayCandle(database, facts.dataset);
  const date = tradingDateOf(lastMs ?? epochMs(0));
  const fromMs = tradingDateToEpochMs(date);
  const { candles, excluded } = await readCandles(database, {
    interval: INTERVAL,
    dataset: facts.dataset,
    fromMs,
    toMsExclusive: epochMs(fromMs + MS_PER_DAY),
  });
  return figureTable(
    {
      symbol: { type: "dictionary", dictionary: candles.symbols, codes: candles.symbolCodes },
      time: { type: "instant", values: candles.openedAtMs },
      close: { type: "float64", values: candles.close },
      volume: { type: "float64", values: candles.volume },
    },
    { ...facts, asOf: lastMs === undefined ? "" : date, rows: candles.length, excluded },
  );
};

await runAsScript(import.meta, load);
