import { pino } from "pino";
import { DEFAULT_WORKFLOW_SETTINGS } from "../src/engine/workflow/workflow-definition.js";
import type { RunId, WorkflowId } from "../src/engine/workflow/workflow-ids.js";
import { openPgBossRunQueue } from "../src/server/workflows/queue/pg-boss-run-queue.js";
import { startWorkflowServices } from "../src/server/workflows/workflow-services.js";
import type { Database } from "../src/store/database.js";
import { jobSchema } from "../src/store/queries/run-jobs.js";
import type { Bench } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import { openTemporarySchema } from "./harness/temporary-schema.js";
import { EMPTY_NODE_SERVICES } from "./support/empty-node-services.js";

const RUNS = 2_000;
const LEAST_RUNS_PER_SECOND = 300;
const WORKFLOWS = 10;
/** Runs put into the queue at a time: what is asked for at the same time goes there together. */
const BATCH = 100;
const logger = pino({ level: "error" });
const SILENT_BUS = { subscribe: () => () => {} };

/** Runs per second of one worker on PostgreSQL: the queue alone, and five nodes with every event stored. */
export const workflowRuns: Bench = {
  name: "workflow-runs",
  async run({ databaseUrl, repeats, note }) {
    const schema = await openTemporarySchema(databaseUrl).catch((error: Error) => error);
    if (schema instanceof Error) {
      return [{ kind: "skipped", what: "workflow runs on PostgreSQL", because: schema.message }];
    }
    const { database, dispose } = schema;
    try {
      const results: BenchResult[] = [];
      for (const [what, measure] of [
        ["the queue alone", queueAlone],
        ["5 nodes, events stored", storedRuns],
      ] as const) {
        await measure(database);
        const measured: number[] = [];
        for (let round = 0; round < repeats; round++) {
          measured.push((await measure(database)) / 1_000);
          note(`${what}: ${Math.round(RUNS / measured.at(-1)!)} runs/s`);
        }
        results.push({
          kind: "limit",
          what: `${RUNS.toLocaleString("en-US")} runs of ${WORKFLOWS} workflows by one worker, ${what}`,
          unit: "s",
          measured,
          atMost: RUNS / LEAST_RUNS_PER_SECOND,
        });
      }
      return results;
    } finally {
      await database.execute(`DROP SCHEMA IF EXISTS ${await jobSchema(database)} CASCADE`);
      await dispose();
    }
  },
};

async function queueAlone(database: Database): Promise<number> {
  const queue = await openPgBossRunQueue({ database, logger });
  const workflowIds = Array.from({ length: WORKFLOWS }, () => crypto.randomUUID() as WorkflowId);
  const runs = Array.from({ length: RUNS }, (_, at) => ({
    runId: crypto.randomUUID() as RunId,
    workflowId: workflowIds[at % WORKFLOWS]!,
  }));
  const startedAtMs = performance.now();
  let executed = 0;
  const all = Promise.withResolvers<void>();
  await queue.work(
    async () => {
      executed++;
      if (executed === RUNS) all.resolve();
    },
    { parallelRuns: 64, parallelRunsPerWorkflow: 32 },
  );
  for (let at = 0; at < RUNS; at += BATCH) await queue.enqueue(runs.slice(at, at + BATCH));
  await all.promise;
  await queue.close();
  return performance.now() - startedAtMs;
}

/** From the first request for a run to the end of the last one. */
async function storedRuns(database: Database): Promise<number> {
  const services = await startWorkflowServices({
    isServing: false,
    isWorking: true,
    database,
    nodeServices: EMPTY_NODE_SERVICES,
    bus: SILENT_BUS,
    permissions: { mayUse: () => true },
    logger,
  });
  try {
    const workflowIds: WorkflowId[] = [];
    for (let at = 0; at < WORKFLOWS; at++) {
      const { id } = await services.workflows.create(fiveNodes(at));
      workflowIds.push(id as WorkflowId);
    }
    const startedAtMs = performance.now();
    await Promise.all(
      Array.from({ length: RUNS }, (_, at) =>
        services.launcher.start(workflowIds[at % WORKFLOWS]!, { mode: "live", payload: null }),
      ),
    );
    for (;;) {
      const [row] = await database.query<{ left: string; failed: string }>(
        `SELECT count(*) FILTER (WHERE status IN ('queued', 'running')) AS left,
                count(*) FILTER (WHERE status NOT IN ('queued', 'running', 'succeeded')) AS failed FROM workflow_runs`,
      );
      if (Number(row!.failed) > 0) throw new Error(`${row!.failed} runs did not succeed`);
      if (row!.left === "0") break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return performance.now() - startedAtMs;
  } finally {
    await services.close();
    await database.execute("TRUNCATE workflow_runs, workflow_execution_logs, workflow_states");
  }
}

function fiveNodes(at: number): unknown {
  const node = (id: string, type: string, parameters = {}) => ({
    id,
    type,
    position: { x: 0, y: 0 },
    data: { version: 1, parameters },
  });
  const edge = (source: string, sourceHandle: string, target: string, targetHandle: string) => ({
    id: `${source}-${target}`,
    source,
    target,
    sourceHandle,
    targetHandle,
  });
  return {
    schemaVersion: 1,
    name: `five nodes ${at}`,
    description: "",
    nodes: [
      node("start", "trigger.manual"),
      node("left", "value.number", { value: 3 }),
      node("right", "value.number", { value: 4 }),
      node("sum", "value.formula", { formula: "a + b" }),
      node("large", "logic.compare", { comparison: ">", b: 5 }),
    ],
    edges: [
      edge("start", "fired", "left", "run"),
      edge("start", "fired", "right", "run"),
      edge("left", "value", "sum", "a"),
      edge("right", "value", "sum", "b"),
      edge("sum", "value", "large", "a"),
    ],
    viewport: { x: 0, y: 0, zoom: 1 },
    settings: { ...DEFAULT_WORKFLOW_SETTINGS, concurrency: "parallel" },
  };
}
