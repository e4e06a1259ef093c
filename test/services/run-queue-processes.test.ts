import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openPgBossRunQueue } from "../../src/server/workflows/queue/pg-boss-run-queue.js";
import type { RunQueue } from "../../src/server/workflows/run-queue.js";
import { openPostgresDatabase } from "../../src/store/adapters/postgres-database.js";
import type { Database } from "../../src/store/database.js";
import { queuedRuns } from "../port-suites/run-queue-suite.js";
import { createTemporarySchema, postgresUnavailable, type TemporarySchema } from "../support/postgres-schema.js";

const unavailable = await postgresUnavailable();
const CHILD = resolve(import.meta.dirname, "../support/queue-worker-child.ts");
const logger = pino({ level: "silent" });

describe.skipIf(unavailable)(`workers in processes of their own${unavailable ? ` (${unavailable})` : ""}`, () => {
  let schema: TemporarySchema;
  let database: Database;
  let queue: RunQueue;
  let folder: string;
  let file: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    schema = await createTemporarySchema();
    database = await openPostgresDatabase(schema.url);
    queue = await openPgBossRunQueue({ database, logger, timing: { leaseSeconds: 10 } });
    folder = mkdtempSync(join(tmpdir(), "quantflow-queue-"));
    file = join(folder, "lines");
    children = [];
  });
  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await queue.close();
    await database.close();
    await schema.admin.execute(`DROP SCHEMA IF EXISTS ${schema.name}_jobs CASCADE`);
    await schema.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startWorker(runMs: number): Promise<ChildProcess> {
    const child = fork(CHILD, [schema.url, file, String(runMs)], { execArgv: ["--import", "tsx"], stdio: "inherit" });
    children.push(child);
    await once(child, "message");
    return child;
  }

  /** Run ids by the word before them. */
  function told(word: "begin" | "end"): string[] {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    return lines.filter((line) => line.startsWith(word)).map((line) => line.split(" ")[1]!);
  }
  const until = (condition: () => void) => vi.waitFor(condition, { timeout: 60_000, interval: 50 });

  it("execute every run once, three of them at a time", async () => {
    const runs = queuedRuns(300);
    await Promise.all([startWorker(2), startWorker(2), startWorker(2)]);
    await queue.enqueue(runs);
    await until(() => expect(told("end").length).toBeGreaterThanOrEqual(runs.length));
    expect(told("begin").toSorted()).toEqual(runs.map(({ runId }) => runId).toSorted());
  });

  it("take up what a killed worker had, once its lease is over, and nothing that it had ended", async () => {
    const runs = queuedRuns(4);
    const killed = await startWorker(600_000);
    await queue.enqueue(runs);
    await until(() => expect(told("begin")).toHaveLength(4));
    killed.kill("SIGKILL");
    await once(killed, "exit");
    await startWorker(2);
    await until(() => expect(told("end").toSorted()).toEqual(runs.map(({ runId }) => runId).toSorted()));
    expect(told("begin")).toHaveLength(8);
  });

  it("go on when the server has ended their connections", async () => {
    await startWorker(20);
    const runs = queuedRuns(200);
    await queue.enqueue(runs);
    await until(() => expect(told("end").length).toBeGreaterThan(20));
    await schema.admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()",
      [schema.name],
    );
    await until(() => expect(new Set(told("end")).size).toBe(runs.length));
    expect(told("end")).toHaveLength(runs.length);
  });
});
