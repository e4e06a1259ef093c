import { inferInstrumentConventions } from "../src/engine/market-data/instrument-conventions.js";
import { instrumentSymbol } from "../src/engine/market-data/instrument-symbol.js";
import { listCandleExtents } from "../src/store/queries/candle-extents.js";
import { listInstruments } from "../src/store/queries/instrument-queries.js";
import { datasetFacts } from "./support/dataset-facts.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** What can be looked at: every symbol with daily candles, and what the instrument is. */
export const load: Loader = async ({ database }) => {
  const facts = await datasetFacts(database);
  const extents = await listCandleExtents(database, facts.dataset);
  const instruments = new Map((await listInstruments(database, facts.dataset)).map((each) => [each.symbol, each]));
  const rows = extents.map((extent) => ({
    ...inferInstrumentConventions(instrumentSymbol(extent.symbol)),
    ...instruments.get(extent.symbol),
    ...extent,
  }));
  return figureTable(
    {
      symbol: { type: "text", values: rows.map(({ symbol }) => symbol) },
      name: { type: "text", values: rows.map(({ name, symbol }) => name ?? symbol) },
      exchange: { type: "text", values: rows.map(({ exchange }) => exchange) },
      sector: { type: "text", values: rows.map(({ sector }) => sector) },
      industry: { type: "text", values: rows.map(({ industry }) => industry) },
      asset_class: { type: "text", values: rows.map(({ assetClass }) => assetClass) },
      currency: { type: "text", values: rows.map(({ currency }) => currency) },
      market_cap: { type: "float64", values: Float64Array.from(rows, ({ marketCap }) => marketCap ?? Number.NaN) },
      market_cap_date: { type: "text", values: rows.map(({ marketCapDate }) => marketCapDate) },
      close_time: { type: "text", values: rows.map(({ closeTime }) => closeTime) },
      close_time_zone: { type: "text", values: rows.map(({ closeTimeZone }) => closeTimeZone) },
      first_date: { type: "day", values: Int32Array.from(rows, ({ firstDay }) => firstDay) },
      last_date: { type: "day", values: Int32Array.from(rows, ({ lastDay }) => lastDay) },
      candle_count: { type: "int32", values: Int32Array.from(rows, ({ candleCount }) => candleCount) },
    },
    {
      ...facts,
      asOf:
        rows
          .map(({ lastDate }) => lastDate)
          .sort()
          .at(-1) ?? "",
      rows: rows.length,
      excluded: "",
    },
  );
};

await runAsScript(import.meta, load);
