import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { Database } from "../../store/database.js";
import {
  archiveWorkflow,
  insertNextRevision,
  insertWorkflow,
  listRevisions,
  readRevisions,
  readWorkflowByToken,
  readWorkflows,
  setActiveRevision,
} from "../../store/queries/workflow-definitions.js";
import { batchedCalls } from "./batched-calls.js";
import type { WorkflowStore } from "./workflow-store.js";

/** Definitions in one answer: it holds up whoever waits for the database behind it. */
const MOST_DEFINITIONS = 50;

export function databaseWorkflowStore(database: Database): WorkflowStore {
  const read = batchedCalls(async (ids: readonly WorkflowId[]) => {
    const found = new Map(
      (await readWorkflows(database, [...new Set(ids)])).map((workflow) => [workflow.id, workflow]),
    );
    return ids.map((id) => found.get(id));
  });
  const readOne = batchedCalls(
    (asked: readonly { workflowId: WorkflowId; revision: number }[]) => readRevisions(database, asked),
    { most: MOST_DEFINITIONS },
  );
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
    revision: (workflowId, revision) => readOne({ workflowId, revision }),
    revisions: (workflowId) => listRevisions(database, workflowId),
  };
}
