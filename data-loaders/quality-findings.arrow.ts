import { tradingDateOf, tradingDayNumberOf } from "../src/engine/units/trading-date.js";
import { selectFindings } from "../src/store/queries/finding-queries.js";
import { describeExclusions, listQuarantines } from "../src/store/queries/quarantine-queries.js";
import { datasetFacts } from "./support/dataset-facts.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** Every finding of the quality checks, errors first. */
export const load: Loader = async ({ database }) => {
  const facts = await datasetFacts(database);
  const { rowCount, columns } = await selectFindings(database, { dataset: facts.dataset });
  const latest = columns.toMs.values.reduce((last, ms) => Math.max(last, ms), Number.NEGATIVE_INFINITY);
  return figureTable(
    {
      kind: { type: "dictionary", ...dictionaryOf(columns.kind) },
      severity: { type: "dictionary", ...dictionaryOf(columns.severity) },
      symbol: { type: "dictionary", ...dictionaryOf(columns.symbol) },
      interval_seconds: { type: "int32", values: columns.intervalSeconds.values },
      from: { type: "day", values: Int32Array.from(columns.fromMs.values, tradingDayNumberOf) },
      to: { type: "day", values: Int32Array.from(columns.toMs.values, tradingDayNumberOf) },
      count: { type: "int32", values: columns.count.values },
      message: { type: "text", values: columns.message.values },
      source: { type: "dictionary", ...dictionaryOf(columns.fileName) },
    },
    {
      ...facts,
      asOf: rowCount === 0 ? "" : tradingDateOf(latest),
      rows: rowCount,
      excluded: describeExclusions(await listQuarantines(database, facts.dataset)),
    },
  );
};

function dictionaryOf({ dictionary, codes }: { readonly dictionary: readonly string[]; readonly codes: Int32Array }) {
  return { dictionary, codes };
}

await runAsScript(import.meta, load);
