import { NODE_CATALOGUE } from "../../engine/workflow/node-catalogue.js";
import { databaseRunHistory } from "../../server/workflows/database-run-store.js";
import { databaseWorkflowStore } from "../../server/workflows/database-workflow-store.js";
import { RevisionCache } from "../../server/workflows/revision-cache.js";
import { WorkflowService } from "../../server/workflows/workflow-service.js";
import type { Database } from "../../store/database.js";

/** The workflows of a database, for a command. */
export function storedWorkflows(database: Database, nowMs: () => number): WorkflowService {
  const workflows = databaseWorkflowStore(database);
  const revisions = new RevisionCache(workflows, NODE_CATALOGUE);
  return new WorkflowService({
    workflows,
    revisions,
    history: databaseRunHistory(database),
    catalogue: NODE_CATALOGUE,
    nowMs,
  });
}
