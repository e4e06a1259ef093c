import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunId, WorkflowId } from "../../src/engine/workflow/workflow-ids.js";
import type { Database } from "../../src/store/database.js";
import { openDatabase } from "../../src/store/open-database.js";
import { releaseAllLeases } from "../../src/store/queries/workflow-run-leases.js";
import { placeCluster } from "../support/embedded-cluster.js";
import { createTemporarySchema, postgresUnavailable } from "../support/postgres-schema.js";
import { openStoredLab } from "../support/stored-lab.js";

const ORDERING = {
  nodes: { start: { type: "start" }, sum: { type: "add" }, buy: { type: "order" }, seen: { type: "count" } },
  edges: ["start.value > sum.values", "sum.sum > buy.values", "buy.done > seen.values"],
  settings: { riskProfile: "small", concurrency: "parallel" as const, variables: { count: 0 } },
};
const TELLING = {
  nodes: { start: { type: "start" }, tell: { type: "tell" } },
  edges: ["start.value > tell.values"],
  settings: { riskProfile: "small", concurrency: "parallel" as const },
};
/** `run-started`, a start and an end for each of the four nodes, `run-finished`. */
const EVENTS = 10;
/** Of `TELLING`: `run-started`, `start` twice, `step-started tell`, `effect-intended tell`. */
const INTENDED = 4;

const WORKER = resolve(import.meta.dirname, "../support/workflow-worker.mts");

/** How the worker ended: by a signal, or with an exit code. */
async function work(place: string, run: { runId: RunId; workflowId: WorkflowId }, dieAt?: number) {
  const command = ["--import", "tsx", WORKER, place, run.runId, run.workflowId];
  if (dieAt !== undefined) command.push(String(dieAt));
  const child = spawn(process.execPath, command, { stdio: ["ignore", "inherit", "inherit"] });
  return new Promise<number | NodeJS.Signals | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", (code, signal) => done(signal ?? code));
  });
}

interface Place {
  /** What a worker is given to find the database. */
  readonly place: string;
  open(): Promise<Database>;
  dispose(): Promise<void>;
}

async function postgresPlace(): Promise<Place> {
  const schema = await createTemporarySchema();
  const settings = { databaseUrl: schema.url, dataFolder: "", purpose: "test" };
  return { place: schema.url, open: () => openDatabase(settings), dispose: () => schema.drop() };
}

async function embeddedPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "quantflow-test-"));
  await placeCluster(folder);
  const settings = { databaseUrl: undefined, dataFolder: folder, purpose: "test" };
  return {
    place: folder,
    open: () => openDatabase(settings),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const noPostgres = await postgresUnavailable();

describe.each([
  { name: "PostgreSQL", unavailable: noPostgres, openPlace: postgresPlace },
  { name: "PGlite", unavailable: undefined, openPlace: embeddedPlace },
])("kill -9 of a worker: $name", ({ unavailable, openPlace }) => {
  describe.skipIf(unavailable)("RunExecutor.execute(run, signal)", () => {
    let place: Place;
    beforeAll(async () => {
      place = await openPlace();
    });
    afterAll(() => place?.dispose());

    /** The database belongs to this process while `use` is at work, and to no other on the embedded one. */
    const within = async <T>(use: (opened: Awaited<ReturnType<typeof openStoredLab>>) => Promise<T>): Promise<T> => {
      const database = await place.open();
      try {
        if (database.kind === "embedded") await releaseAllLeases(database);
        return await use(await openStoredLab(database));
      } finally {
        await database.close();
      }
    };
    const goOn = (run: { runId: RunId; workflowId: WorkflowId }) =>
      within(async ({ lab, effects }) => {
        await lab.executor.execute(run, new AbortController().signal);
        return { run: await lab.run(run.runId), events: await lab.events(run.runId), effects: await effects.all() };
      });

    it("at every event leaves a run that goes on: one order, one count, each node done once", async () => {
      const workflowId = await within(({ lab }) => lab.active(ORDERING));
      for (let dieAt = 0; dieAt < EVENTS; dieAt++) {
        const instance = `cron:start:${dieAt}`;
        const runId = await within(({ lab }) => lab.fire(workflowId, instance));
        const run = { runId, workflowId };
        expect(await work(place.place, run, dieAt)).toBe("SIGKILL");
        const after = await goOn(run);
        expect(after.run, `killed at event ${dieAt}`).toMatchObject({ status: "succeeded" });
        expect(after.events.map(({ sequence }) => sequence)).toEqual(after.events.map((_, i) => i));
        const done = after.events.flatMap((event) => (event.kind === "step-succeeded" ? [event.nodeId] : []));
        expect(done).toEqual(["start", "sum", "buy", "seen"]);
        expect([...after.effects.keys()].filter((name) => name.endsWith(`${instance}:buy`))).toHaveLength(1);
        const counted = after.events.findLast((event) => event.kind === "step-succeeded");
        expect(counted?.kind === "step-succeeded" && counted.variables).toEqual({ count: dieAt + 1 });
      }
    });

    it("between intention and end of what has no key fails the step and does it no second time", async () => {
      const workflowId = await within(({ lab }) => lab.active(TELLING));
      const runId = await within(({ lab }) => lab.fire(workflowId, "once"));
      expect(await work(place.place, { runId, workflowId }, INTENDED)).toBe("SIGKILL");
      const after = await goOn({ runId, workflowId });
      expect(after.run).toMatchObject({ status: "failed", code: "WORKFLOW_EFFECT_UNCERTAIN" });
      expect(after.effects.get("tell tell") ?? 0).toBeLessThanOrEqual(1);
    });
  });
});

describe.skipIf(noPostgres)("two workers on one run", () => {
  it("place one order, once", async () => {
    const place = await postgresPlace();
    const database = await place.open();
    try {
      const { lab, effects } = await openStoredLab(database);
      const workflowId = await lab.active(ORDERING);
      const runId = await lab.fire(workflowId, "1");
      const run = { runId, workflowId };
      expect(await Promise.all([work(place.place, run), work(place.place, run)])).toEqual([0, 0]);
      expect(await lab.run(runId)).toMatchObject({ status: "succeeded" });
      expect([...(await effects.all())]).toEqual([[`order ${workflowId}:1:1:buy`, 1]]);
    } finally {
      await database.close();
      await place.dispose();
    }
  });
});
