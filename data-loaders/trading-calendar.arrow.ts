import { tradingDateToEpochMs, tradingDayNumberOf } from "../src/engine/units/trading-date.js";
import { listCalendar } from "../src/store/queries/calendar-queries.js";
import { datasetFacts } from "./support/dataset-facts.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** Trading days and holidays by exchange. */
export const load: Loader = async ({ database }) => {
  const { dataset } = await datasetFacts(database);
  const days = await listCalendar(database);
  const sources = [...new Set(days.map(({ source }) => source))];
  return figureTable(
    {
      date: {
        type: "day",
        values: Int32Array.from(days, ({ date }) => tradingDayNumberOf(tradingDateToEpochMs(date))),
      },
      exchange: { type: "text", values: days.map(({ exchange }) => exchange) },
      kind: { type: "text", values: days.map(({ kind }) => kind) },
      note: { type: "text", values: days.map(({ note }) => note) },
      source: { type: "text", values: days.map(({ source }) => source) },
    },
    { dataset, source: sources.join(", "), asOf: days.at(-1)?.date ?? "", rows: days.length, excluded: "" },
  );
};

await runAsScript(import.meta, load);
