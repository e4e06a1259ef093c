import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunId, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import { JobService } from "../../src/server/workflows/queue/job-service.js";
import { openPgBossRunQueue } from "../../src/server/workflows/queue/pg-boss-run-queue.js";
import type { QueuedRun, RunQueue } from "../../src/server/workflows/run-queue.js";
import { databaseTriggerPositions } from "../../src/server/workflows/schedules/database-trigger-sources.js";
import { migrate } from "../../src/store/migrate.js";
import { jobSchema } from "../../src/store/queries/run-jobs.js";
import { databasesUnderTest, type TestDatabase } from "../store/databases.js";

const logger = pino({ level: "silent" });
const all = { limit: 100 };

for (const under of await databasesUnderTest()) {
  if (under.name !== "PGlite" && under.name !== "PostgreSQL") continue;
  const why = under.unavailable ? ` (${under.unavailable})` : "";
  describe.skipIf(under.unavailable)(`jobs on ${under.name}${why}`, () => {
    let test: TestDatabase;
    let queue: RunQueue;
    let jobs: JobService;
    const workflowId = randomUUID() as WorkflowId;
    const changes: string[] = [];
    const run = (): QueuedRun => ({ runId: randomUUID() as RunId, workflowId });

    beforeAll(async () => {
      test = await under.open();
      const { database } = test;
      await migrate(database);
      await database.query(
        `INSERT INTO workflows (id, name, description, latest_revision, webhook_token, example, created_at, updated_at)
         VALUES ($1, 'Mean reversion', '', 1, 'token', false, now(), now())`,
        [workflowId],
      );
      jobs = new JobService({
        database,
        rerun: async (runId) => {
          changes.push(`rerun ${runId}`);
          return { kind: "queued", runId: "again" as RunId };
        },
        cancel: async (runId) => {
          changes.push(`cancel ${runId}`);
          await queue.withdraw(runId);
          return { status: "cancelled" };
        },
      });
    });
    afterAll(async () => {
      await queue?.close();
      await test.database.execute(`DROP SCHEMA IF EXISTS ${await jobSchema(test.database)} CASCADE`);
      await test.dispose();
    });

    it("are none where no queue was ever opened", async () => {
      expect(await jobs.list(all)).toEqual({
        jobs: [],
        counts: { waiting: 0, retrying: 0, working: 0, dead: 0 },
        nextCursor: null,
      });
      queue = await openPgBossRunQueue({
        database: test.database,
        logger,
        timing: { retries: 1, retryDelaySeconds: 1, retryDelayMaxSeconds: 1, pollMs: 50, graceMs: 10 },
      });
    });

    it("stand in their states, the latest first, in pages, and can be tried again and cancelled", async () => {
      const [failing, working, waiting] = [run(), run(), run()];
      const worker = await queue.work(
        async ({ runId }, signal) => {
          // Short runs would be taken ahead of their places.
          await new Promise((resolve) => setTimeout(resolve, 150));
          if (runId === failing.runId) throw new Error("it broke");
          await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        },
        { parallelRuns: 1, parallelRunsPerWorkflow: 1 },
      );
      await queue.enqueue([failing]);
      await vi.waitFor(async () => expect((await jobs.list(all)).counts.retrying).toBe(1), { timeout: 20_000 });
      const [retrying] = (await jobs.list(all)).jobs;
      expect(retrying).toMatchObject({
        id: failing.runId,
        workflowName: "Mean reversion",
        state: "retrying",
        failedAttempts: 1,
        failure: "it broke",
      });
      expect(await jobs.retry(failing.runId)).toEqual({ runId: failing.runId, outcome: "hurried" });
      await vi.waitFor(async () => expect((await jobs.list(all)).counts.dead).toBe(1), { timeout: 20_000 });
      await queue.enqueue([working]);
      await vi.waitFor(async () => expect((await jobs.list(all)).counts.working).toBe(1), { timeout: 20_000 });
      await queue.enqueue([waiting]);

      const listed = await jobs.list(all);
      expect(listed.jobs.map(({ id, state }) => [id, state])).toEqual([
        [waiting.runId, "waiting"],
        [working.runId, "working"],
        [failing.runId, "dead"],
      ]);
      expect(listed.counts).toEqual({ waiting: 1, retrying: 0, working: 1, dead: 1 });
      const paged: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await jobs.list({ limit: 2, cursor });
        paged.push(...page.jobs.map(({ id }) => id));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(paged).toEqual(listed.jobs.map(({ id }) => id));
      expect((await jobs.list({ ...all, state: "dead" })).jobs.map(({ id }) => id)).toEqual([failing.runId]);

      await expect(jobs.retry(working.runId)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
      await expect(jobs.retry(run().runId)).rejects.toMatchObject({ code: "NOT_FOUND" });
      changes.length = 0;
      expect(await jobs.retry(failing.runId)).toEqual({ runId: "again", outcome: "queued" });
      expect(await jobs.cancel(waiting.runId)).toEqual({ runId: waiting.runId, status: "cancelled" });
      expect(changes).toEqual([`rerun ${failing.runId}`, `cancel ${waiting.runId}`]);
      expect((await jobs.list(all)).jobs.map(({ id }) => id)).toEqual([working.runId]);
      await worker.stop();
      expect((await jobs.list(all)).counts.waiting).toBe(1);
    });

    it("have positions of triggers that are written, replaced and removed", async () => {
      const positions = databaseTriggerPositions(test.database);
      const position = { workflowId, nodeId: "n1" as never, revision: 1, position: 1_775_807_100_000 };
      await positions.write([position]);
      await positions.write([{ ...position, revision: 2, position: 7 }]);
      expect(await positions.read()).toEqual([{ ...position, revision: 2, position: 7 }]);
      await positions.remove([position]);
      expect(await positions.read()).toEqual([]);
    });
  });
}
