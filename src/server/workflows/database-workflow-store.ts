import type { Database } from "../../store/database.js";
import {
  archiveWorkflow,
  insertNextRevision,
  insertWorkflow,
  listRevisions,
  readRevision,
  readWorkflowByToken,
  readWorkflows,
  setActiveRevision,
} from "../../store/queries/workflow-definitions.js";
import { batchedCalls } from "./batched-calls.js";
import type { WorkflowStore } from "./workflow-store.js";

export function databaseWorkflowStore(database: Database): WorkflowStore {
  const read = batchedCalls(async (ids: readonly Parameters<typeof readRevision>[1][]) => {
    const found = new Map(
      (await readWorkflows(database, [...new Set(ids)])).map((workflow) => [workflow.id, workflow]),
    );
    return ids.map((id) => found.get(id));
  });
  return {
    create: (workflow) => insertWorkflow(database, workflow),
    save: (workflowId, text, options) => insertNextRevision(database, workflowId, text, options),
    activate: (workflowId, revision, atMs) => setActiveRevision(database, workflowId, revision, atMs),
    archive: (workflowId, atMs) => archiveWorkflow(database, workflowId, atMs),
    workflows: async (ids) => {
      if (ids?.length !== 1) return readWorkflows(database, ids);
      const workflow = await read(ids[0]!);
      return workflow ? [workflow] : [];
    },
    byWebhookToken: (token) => readWorkflowByToken(database, token),
    revision: (workflowId, revision) => readRevision(database, workflowId, revision),
    revisions: (workflowId) => listRevisions(database, workflowId),
  };
}
