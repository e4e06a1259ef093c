import { tradingDateOf, tradingDayNumberOf } from "../src/engine/units/trading-date.js";
import { listFindings } from "../src/store/queries/finding-queries.js";
import { describeExclusions, listQuarantines } from "../src/store/queries/quarantine-queries.js";
import { datasetFacts } from "./support/dataset-facts.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** Every finding of the quality checks, errors first. */
export const load: Loader = async ({ database }) => {
  const facts = await datasetFacts(database);
  const findings = await listFindings(database, { dataset: facts.dataset });
  const latest = findings.reduce((ms, { toMs }) => Math.max(ms, toMs), Number.NEGATIVE_INFINITY);
  return figureTable(
    {
      kind: { type: "text", values: findings.map(({ kind }) => kind) },
      severity: { type: "text", values: findings.map(({ severity }) => severity) },
      symbol: { type: "text", values: findings.map(({ symbol }) => symbol) },
      interval_seconds: { type: "int32", values: Int32Array.from(findings, ({ intervalSeconds }) => intervalSeconds) },
      from: { type: "day", values: Int32Array.from(findings, ({ fromMs }) => tradingDayNumberOf(fromMs)) },
      to: { type: "day", values: Int32Array.from(findings, ({ toMs }) => tradingDayNumberOf(toMs)) },
      count: { type: "int32", values: Int32Array.from(findings, ({ count }) => count) },
      message: { type: "text", values: findings.map(({ message }) => message) },
      source: { type: "text", values: findings.map(({ fileName }) => fileName) },
    },
    {
      ...facts,
      asOf: findings.length === 0 ? "" : tradingDateOf(latest),
      rows: findings.length,
      excluded: describeExclusions(await listQuarantines(database)),
    },
  );
};

await runAsScript(import.meta, load);
