import type { CandleColumns } from "../src/engine/market-data/candle-columns.js";
import { periodChanges } from "../src/engine/market-data/period-change.js";
import { tradingDayNumberOf } from "../src/engine/units/trading-date.js";
import { readCandles } from "../src/store/queries/candle-queries.js";
import { listInstruments } from "../src/store/queries/instrument-queries.js";
import { datasetFacts, latestDate } from "./support/dataset-facts.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

const SPARKLINE_CLOSES = 60;

/** The last candle of every symbol, its change over each period, and what the instrument is. */
export const load: Loader = async ({ database }) => {
  const facts = await datasetFacts(database);
  const { candles, excluded } = await readCandles(database, { interval: "1d", dataset: facts.dataset });
  const instruments = new Map((await listInstruments(database, facts.dataset)).map((each) => [each.symbol, each]));
  const series = seriesBySymbol(candles);
  const described = series.map(({ symbol }) => instruments.get(symbol));
  const last = (column: "close" | "volume") => Float64Array.from(series, ({ end }) => candles[column][end - 1]!);
  const changes = series.map(({ start, end }) =>
    periodChanges({ openedAtMs: candles.openedAtMs.subarray(start, end), prices: candles.close.subarray(start, end) }),
  );
  const close = last("close");
  const volume = last("volume");
  return figureTable(
    {
      symbol: { type: "text", values: series.map(({ symbol }) => symbol) },
      name: { type: "text", values: series.map(({ symbol }, i) => described[i]?.name ?? symbol) },
      exchange: { type: "text", values: described.map((each) => each?.exchange) },
      sector: { type: "text", values: described.map((each) => each?.sector) },
      industry: { type: "text", values: described.map((each) => each?.industry) },
      asset_class: { type: "text", values: described.map((each) => each?.assetClass ?? "other") },
      currency: { type: "text", values: described.map((each) => each?.currency ?? "XXX") },
      date: {
        type: "day",
        values: Int32Array.from(series, ({ end }) => tradingDayNumberOf(candles.openedAtMs[end - 1]!)),
      },
      close: { type: "float64", values: close },
      change_1d: { type: "float64", values: Float64Array.from(changes, (change) => change["1d"]) },
      change_1w: { type: "float64", values: Float64Array.from(changes, (change) => change["1w"]) },
      change_1m: { type: "float64", values: Float64Array.from(changes, (change) => change["1m"]) },
      change_3m: { type: "float64", values: Float64Array.from(changes, (change) => change["3m"]) },
      change_ytd: { type: "float64", values: Float64Array.from(changes, (change) => change.ytd) },
      change_1y: { type: "float64", values: Float64Array.from(changes, (change) => change["1y"]) },
      volume: { type: "float64", values: volume },
      value: { type: "float64", values: close.map((price, i) => price * volume[i]!) },
      market_cap: { type: "float64", values: Float64Array.from(described, (each) => each?.marketCap ?? Number.NaN) },
      market_cap_date: { type: "text", values: described.map((each) => each?.marketCapDate) },
      sparkline: {
        type: "float32-list",
        values: series.map(({ start, end }) => candles.close.subarray(Math.max(start, end - SPARKLINE_CLOSES), end)),
      },
    },
    { ...facts, asOf: latestDate(candles.openedAtMs), rows: series.length, excluded },
  );
};

/** Row ranges of the symbols in candles that are ordered by symbol. */
function seriesBySymbol(
  candles: CandleColumns,
): { symbol: CandleColumns["symbols"][number]; start: number; end: number }[] {
  const series: { symbol: CandleColumns["symbols"][number]; start: number; end: number }[] = [];
  for (let start = 0; start < candles.length; ) {
    const code = candles.symbolCodes[start]!;
    let end = start + 1;
    while (end < candles.length && candles.symbolCodes[end] === code) end++;
    series.push({ symbol: candles.symbols[code]!, start, end });
    start = end;
  }
  return series;
}

await runAsScript(import.meta, load);
