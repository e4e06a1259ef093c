import { tradingDateOf, tradingDayToEpochMs } from "../src/engine/units/trading-date.js";
import { selectCalendar } from "../src/store/queries/calendar-queries.js";
import { datasetFacts } from "./support/dataset-facts.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** Trading days and holidays by exchange. */
export const load: Loader = async ({ database }) => {
  const { dataset } = await datasetFacts(database);
  const { rowCount, columns } = await selectCalendar(database);
  const latest = columns.day.values.reduce((last, day) => Math.max(last, day), Number.NEGATIVE_INFINITY);
  return figureTable(
    {
      date: { type: "day", values: columns.day.values },
      exchange: { type: "text", values: columns.exchange.values },
      kind: { type: "text", values: columns.kind.values },
      note: { type: "text", values: columns.note.values },
      source: { type: "text", values: columns.source.values },
    },
    {
      dataset,
      source: columns.source.dictionary.join(", "),
      asOf: rowCount === 0 ? "" : tradingDateOf(tradingDayToEpochMs(latest)),
      rows: rowCount,
      excluded: "",
    },
  );
};

await runAsScript(import.meta, load);
