import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type {
  NewWorkflow,
  RevisionText,
  StoredRevision,
  StoredWorkflow,
} from "../../store/queries/workflow-definitions.js";

/** What was drawn: workflows and their revisions, which never change. */
export interface WorkflowStore {
  /** Stores a workflow with its first revision. */
  create(workflow: NewWorkflow): Promise<void>;
  /**
   * Stores the next revision and returns its number: that of the latest when it has the same digest.
   * @throws NOT_FOUND, WORKFLOW_CHANGED when the latest is not `baseRevision`
   */
  save(
    workflowId: WorkflowId,
    text: RevisionText,
    options: { readonly baseRevision: number | undefined; readonly atMs: EpochMs },
  ): Promise<number>;
  /** Lets triggers start a revision, or none. @throws NOT_FOUND */
  activate(workflowId: WorkflowId, revision: number | undefined, atMs: EpochMs): Promise<void>;
  /** Deletes a workflow; its runs stay. @throws NOT_FOUND, WORKFLOW_RUNNING */
  archive(workflowId: WorkflowId, atMs: EpochMs): Promise<void>;
  /** Those with these ids, or all, by name; deleted ones are left out. */
  workflows(ids?: readonly WorkflowId[]): Promise<readonly StoredWorkflow[]>;
  byWebhookToken(token: string): Promise<StoredWorkflow | undefined>;
  /** Also of a deleted workflow: its runs are still looked at. */
  revision(workflowId: WorkflowId, revision: number): Promise<StoredRevision | undefined>;
  /** The latest first, without definitions. */
  revisions(workflowId: WorkflowId): Promise<readonly Omit<StoredRevision, "definition">[]>;
}
