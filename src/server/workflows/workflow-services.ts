import { randomUUID } from "node:crypto";
import { Router } from "express";
import type { Logger } from "pino";
import { NODE_CATALOGUE } from "../../engine/workflow/node-catalogue.js";
import { NODE_IMPLEMENTATIONS } from "../../engine/workflow/node-implementations.js";
import type { NodeServices } from "../../engine/workflow/node-services.js";
import type { MarketBus } from "../../shared-state/market-bus.js";
import type { Database } from "../../store/database.js";
import { releaseAllLeases } from "../../store/queries/workflow-run-leases.js";
import { databaseRunHistory, databaseRunStore } from "./database-run-store.js";
import { databaseWorkflowStore } from "./database-workflow-store.js";
import { installExamples } from "./install-examples.js";
import { MACHINE_RUN_CLOCK } from "./machine-run-clock.js";
import { LOCAL_PRINCIPAL, type PermissionSource } from "./permission-source.js";
import { JobService } from "./queue/job-service.js";
import { jobRoutes } from "./queue/jobs.routes.js";
import { openPgBossRunQueue } from "./queue/pg-boss-run-queue.js";
import { RevisionCache } from "./revision-cache.js";
import { RunExecutor } from "./run-executor.js";
import { RunLauncher } from "./run-launcher.js";
import type { RunQueue, RunWorker, RunWorkerOptions } from "./run-queue.js";
import { RunRecovery } from "./run-recovery.js";
import { RunService } from "./run-service.js";
import type { RunHistory } from "./run-store.js";
import { runRoutes } from "./runs.routes.js";
import { backfillRoutes } from "./schedules/backfill.routes.js";
import { databaseIncidents, databaseTriggerPositions } from "./schedules/database-trigger-sources.js";
import { startTriggerService, type TriggerService } from "./schedules/trigger-service.js";
import { WorkflowService } from "./workflow-service.js";
import { workflowRoutes } from "./workflows.routes.js";

export interface WorkflowServicesOptions {
  /** Whether this process serves people. */
  readonly isServing: boolean;
  /** Whether it executes runs and watches what active workflows wait for. */
  readonly isWorking: boolean;
  readonly database: Database;
  readonly nodeServices: NodeServices;
  readonly bus: Pick<MarketBus, "subscribe">;
  readonly permissions: PermissionSource;
  readonly logger: Logger;
  readonly worker?: RunWorkerOptions;
}

export interface WorkflowServices {
  /** `/api/workflows`, `/api/runs`, `/api/jobs` and `/api/hooks`; undefined in a process that serves nobody. */
  readonly routes: Router | undefined;
  readonly workflows: WorkflowService;
  readonly launcher: RunLauncher;
  readonly runs: RunService;
  readonly history: RunHistory;
  readonly queue: RunQueue;
  /** What keeps this process from doing its part, for `/ready`. */
  problems(): readonly string[];
  /** Leaves runs at work to other workers, or to the next start. */
  close(): Promise<void>;
}

const ON_A_SERVER: RunWorkerOptions = { parallelRuns: 64, parallelRunsPerWorkflow: 32 };
/** The embedded database is in this process: what runs ask of it keeps pages waiting. */
const EMBEDDED: RunWorkerOptions = { parallelRuns: 8, parallelRunsPerWorkflow: 4 };

/** Starts this process's part in workflows. What was cut off by the end of another process is taken up again. */
export async function startWorkflowServices(options: WorkflowServicesOptions): Promise<WorkflowServices> {
  const { isServing, isWorking, database, nodeServices, bus, permissions, logger } = options;
  const nowMs = Date.now;
  const workflows = databaseWorkflowStore(database);
  const runs = databaseRunStore(database);
  const history = databaseRunHistory(database);
  const revisions = new RevisionCache(workflows, NODE_CATALOGUE);
  const shared = { workflows, runs, history, revisions, nowMs };
  let executor: RunExecutor | undefined;
  const queue = await openPgBossRunQueue({
    database,
    logger,
    onDead: async (run, message) => executor?.giveUp(run, message),
  });
  const launcher = new RunLauncher({ ...shared, queue, principal: LOCAL_PRINCIPAL });
  const service = new WorkflowService({ ...shared, catalogue: NODE_CATALOGUE });
  let worker: RunWorker | undefined;
  let recovery: RunRecovery | undefined;
  let triggers: TriggerService | undefined;
  const close = async () => {
    await triggers?.close();
    await recovery?.stop();
    await worker?.stop();
    await queue.close();
  };
  try {
    if (isServing) await installExamples(database, service);
    if (isWorking) {
      if (database.kind === "embedded") await releaseAllLeases(database);
      executor = new RunExecutor({
        ...shared,
        implementations: NODE_IMPLEMENTATIONS,
        servicesOf: () => nodeServices,
        permissions,
        clock: MACHINE_RUN_CLOCK,
        holder: randomUUID(),
        onTurn: (workflowIds) => launcher.queueNext(workflowIds),
        logger,
      });
      const working = executor;
      const work = options.worker ?? (database.kind === "embedded" ? EMBEDDED : ON_A_SERVER);
      worker = await queue.work((run, signal) => working.execute(run, signal), work);
      recovery = new RunRecovery(launcher, logger);
      triggers = startTriggerService({
        source: {
          workflows: () => workflows.workflows(),
          definition: async (id, revision) => (await revisions.load(id, revision))?.definition,
        },
        catalogue: NODE_CATALOGUE,
        positions: databaseTriggerPositions(database),
        incidents: databaseIncidents(database),
        dispatcher: launcher,
        bus,
        nowMs,
        logger,
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const runService = new RunService({ ...shared, launcher, queue, executor });
  const dependencies = { runs: runService, launcher, workflows: service, catalogue: NODE_CATALOGUE };
  const jobs = new JobService({
    database,
    rerun: (runId) => launcher.rerun(runId, { from: "failed" }),
    cancel: (runId) => runService.cancel(runId, LOCAL_PRINCIPAL),
  });
  return {
    routes: isServing
      ? Router().use(
          workflowRoutes(dependencies),
          runRoutes({ ...dependencies, principal: LOCAL_PRINCIPAL, nowMs }),
          jobRoutes({ jobs }),
          backfillRoutes({ ...shared, catalogue: NODE_CATALOGUE, dispatcher: launcher }),
        )
      : undefined,
    workflows: service,
    launcher,
    runs: runService,
    history,
    queue,
    problems: () => triggers?.problems() ?? [],
    close,
  };
}
