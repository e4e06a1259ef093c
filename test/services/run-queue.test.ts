import { pino } from "pino";
import { describe } from "vitest";
import { openPgBossRunQueue } from "../../src/server/workflows/queue/pg-boss-run-queue.js";
import type { RunQueueTiming } from "../../src/server/workflows/queue/run-jobs.js";
import type { QueuedRun } from "../../src/server/workflows/run-queue.js";
import { jobSchema } from "../../src/store/queries/run-jobs.js";
import { runQueueSuite } from "../port-suites/run-queue-suite.js";
import { databasesUnderTest } from "../store/databases.js";

const logger = pino({ level: "silent" });

for (const under of await databasesUnderTest()) {
  if (under.name !== "PGlite" && under.name !== "PostgreSQL") continue;
  const why = under.unavailable ? ` (${under.unavailable})` : "";
  describe.skipIf(under.unavailable)(`pg-boss on ${under.name}${why}`, () => {
    runQueueSuite(`PgBossRunQueue on ${under.name}`, async (timing) => {
      const { database, dispose } = await under.open();
      const dead: { run: QueuedRun; message: string }[] = [];
      const open = (more: Partial<RunQueueTiming>) =>
        openPgBossRunQueue({
          database,
          logger,
          onDead: async (run, message) => void dead.push({ run, message }),
          timing: { ...timing, ...more },
        });
      const queue = await open({});
      const other = database.kind === "postgresql" ? await open({ pollMs: 20 }) : undefined;
      return {
        queue,
        ...(other && { other }),
        dead,
        dispose: async () => {
          await other?.close();
          await queue.close();
          await database.execute(`DROP SCHEMA ${await jobSchema(database)} CASCADE`);
          await dispose();
        },
      };
    });
  });
}
