import { appendFileSync } from "node:fs";
import { pino } from "pino";
import { openPgBossRunQueue } from "../../src/server/workflows/queue/pg-boss-run-queue.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";

/**
 * A worker in a process of its own: writes a line when a run begins and one when it ends. Arguments: the address of the
 * database, the file of its lines, how long a run takes in ms.
 */
const [url, file, runMs] = process.argv.slice(2) as [string, string, string];
const queue = await openPgBossRunQueue({
  database: await openPostgresDatabase(url),
  logger: pino({ level: "silent" }),
  timing: { leaseSeconds: 10, pollMs: 50 },
});
await queue.work(
  async ({ runId }, signal) => {
    appendFileSync(file, `begin ${runId} ${process.pid}\n`);
    await new Promise((resolve, reject) => {
      setTimeout(resolve, Number(runMs));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    appendFileSync(file, `end ${runId} ${process.pid}\n`);
  },
  { parallelRuns: 8, parallelRunsPerWorkflow: 8 },
);
process.send?.("working");
