import { NODE_CATALOGUE } from "../../../engine/workflow/node-catalogue.js";
import type { Database } from "../../../store/database.js";
import { deleteIdleJob, jobSchema } from "../../../store/queries/run-jobs.js";
import { databaseRunHistory, databaseRunStore } from "../database-run-store.js";
import { databaseWorkflowStore } from "../database-workflow-store.js";
import { LOCAL_PRINCIPAL } from "../permission-source.js";
import { RevisionCache } from "../revision-cache.js";
import { RunLauncher } from "../run-launcher.js";
import { RunService } from "../run-service.js";
import { JobService } from "./job-service.js";

/** The queue for a process that neither works nor serves: what it starts again, workers find in the store by themselves. */
export function openJobService(database: Database): JobService {
  const workflows = databaseWorkflowStore(database);
  const revisions = new RevisionCache(workflows, NODE_CATALOGUE);
  const shared = {
    workflows,
    revisions,
    runs: databaseRunStore(database),
    history: databaseRunHistory(database),
    queue: {
      enqueue: async () => {},
      withdraw: async (runId: string) => deleteIdleJob(database, await jobSchema(database), runId),
    },
    nowMs: Date.now,
  };
  const launcher = new RunLauncher({ ...shared, principal: LOCAL_PRINCIPAL });
  const runService = new RunService({ ...shared, launcher, executor: undefined });
  return new JobService({
    database,
    rerun: (runId) => launcher.rerun(runId, { from: "failed" }),
    cancel: (runId) => runService.cancel(runId, LOCAL_PRINCIPAL),
  });
}
