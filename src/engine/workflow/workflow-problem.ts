import type { EdgeId, NodeId } from "./workflow-ids.js";

/** What can be wrong with a workflow, by stable code. docs/workflows.md explains each; a test keeps both equal. */
export const WORKFLOW_PROBLEM_CODES = [
  "DEFINITION_INVALID",
  "DEFINITION_TOO_LARGE",
  "DUPLICATE_ID",
  "NODE_TYPE_UNKNOWN",
  "NODE_VERSION_UNKNOWN",
  "PARAMETER_MISSING",
  "PARAMETER_UNKNOWN",
  "PARAMETER_INVALID",
  "EXPRESSION_INVALID",
  "VARIABLE_UNRESOLVED",
  "EDGE_DANGLING",
  "EDGE_DUPLICATE",
  "PORT_UNKNOWN",
  "PORT_TYPE_MISMATCH",
  "INPUT_MISSING",
  "INPUT_CROWDED",
  "CYCLE",
  "TRIGGER_MISSING",
  "TRIGGER_AMBIGUOUS",
  "NODE_UNREACHABLE",
  "LOOP_INVALID",
  "RISK_PROFILE_MISSING",
  "NOT_DETERMINISTIC",
  "PINNED_DATA_INVALID",
] as const;

export type WorkflowProblemCode = (typeof WORKFLOW_PROBLEM_CODES)[number];

/** One thing that keeps a workflow from being active, and where. */
export interface WorkflowProblem {
  readonly code: WorkflowProblemCode;
  /** Names the field, the problem and what is accepted. */
  readonly message: string;
  readonly nodeIds: readonly NodeId[];
  readonly edgeIds: readonly EdgeId[];
}
