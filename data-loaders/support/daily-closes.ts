import type { FigureMetadata } from "../../src/contracts/figure-metadata.js";
import { tradingDayNumberOf } from "../../src/engine/units/trading-date.js";
import type { ArrowColumns } from "../../src/store/arrow/arrow-table.js";
import type { DatabaseSession } from "../../src/store/database.js";
import { readCandles } from "../../src/store/queries/candle-queries.js";
import { datasetFacts, latestDate } from "./dataset-facts.js";

/** Close and volume of every symbol and trading date, by symbol and date. */
export async function dailyCloses(
  session: DatabaseSession,
): Promise<{ readonly columns: ArrowColumns; readonly metadata: FigureMetadata }> {
  const facts = await datasetFacts(session);
  const { candles, excluded } = await readCandles(session, { interval: "1d", dataset: facts.dataset });
  return {
    columns: {
      symbol: { type: "dictionary", dictionary: candles.symbols, codes: candles.symbolCodes },
      date: { type: "day", values: Int32Array.from(candles.openedAtMs, tradingDayNumberOf) },
      close: { type: "float64", values: candles.close },
      volume: { type: "float64", values: candles.volume },
    },
    metadata: { ...facts, asOf: latestDate(candles.openedAtMs), rows: candles.length, excluded },
  };
}
