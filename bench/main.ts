import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { boosting } from "./boosting.js";
import { boostingMemory } from "./boosting-memory.js";
import { candlesToArrow } from "./candles-to-arrow.js";
import type { Bench } from "./harness/bench.js";
import { observeMachine } from "./harness/machine.js";
import { formatReport, reportAsJson } from "./harness/report.js";
import type { BenchResult } from "./harness/result.js";
import { heatmapPage } from "./heatmap-page.js";
import { importPrices } from "./import-prices.js";
import { ingestion } from "./ingestion.js";
import { leadLagPage } from "./lead-lag-page.js";
import { leadLagScreen } from "./lead-lag-screen.js";
import { liveHeatmap } from "./live-heatmap.js";
import { liveStream } from "./live-stream.js";
import { realDataWorkbench } from "./real-data-workbench.js";
import { valueChainPage } from "./value-chain-page.js";
import { workflowEngine } from "./workflow-engine.js";
import { workflowRuns } from "./workflow-runs.js";
import { workflowValidation } from "./workflow-validation.js";

const BENCHES: readonly Bench[] = [
  candlesToArrow,
  importPrices,
  realDataWorkbench,
  heatmapPage,
  boosting,
  boostingMemory,
  leadLagScreen,
  leadLagPage,
  valueChainPage,
  ingestion,
  liveStream,
  liveHeatmap,
  workflowValidation,
  workflowEngine,
  workflowRuns,
];
const FEWEST_REPEATS = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, repeats: { type: "string", default: "7" } },
});
const unknown = positionals.filter((name) => BENCHES.every((bench) => bench.name !== name));
const repeats = Number(values.repeats);
if (unknown.length > 0 || !(repeats >= FEWEST_REPEATS)) {
  console.error(
    `usage: npm run bench -- [--json] [--repeats <n>] [name …]
names: ${BENCHES.map(({ name }) => name).join(", ")}; repeats: at least ${FEWEST_REPEATS}`,
  );
  process.exit(2);
}

const projectRoot = resolve(import.meta.dirname, "..");
const context = {
  repeats,
  projectRoot,
  databaseUrl: process.env.TEST_DATABASE_URL ?? "postgresql://postgres@127.0.0.1:5432/test",
  marketData: resolve(projectRoot, "../shared/data"),
  note: (line: string) => console.error(line),
};
const before = observeMachine();
const results: BenchResult[] = [];
for (const bench of BENCHES) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
  context.note(`${bench.name} …`);
  results.push(...(await bench.run(context)));
}
const report = { at: new Date().toISOString(), before, after: observeMachine(), results };
console.log(values.json ? JSON.stringify(reportAsJson(report), null, 2) : formatReport(report));
