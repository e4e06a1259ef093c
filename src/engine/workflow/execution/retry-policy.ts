import type { NodeType } from "../node-type.js";
import type { RetryPolicy, WorkflowNode } from "../workflow-definition.js";

export const LONGEST_BACKOFF_MS = 300_000;

/** Failures that the next attempt would repeat. */
const LASTING_CODES: ReadonlySet<string> = new Set([
  "CANCELLED",
  "WORKFLOW_OUTPUT_INVALID",
  "WORKFLOW_OUTPUT_TOO_LARGE",
  "WORKFLOW_PERMISSION_LOST",
  "WORKFLOW_EFFECT_UNCERTAIN",
  "EXPRESSION_FAILED",
]);

/** Whether a step whose attempts so far failed, `failures` of them, is tried again after the last one's code. */
export function mayRetry({ data }: WorkflowNode, { effect }: NodeType, failures: number, code: string): boolean {
  return effect !== "unkeyed" && failures < (data.retry?.attempts ?? 1) && !LASTING_CODES.has(code);
}

/** How long to wait after the given number of failures: twice as long each time, at most five minutes. */
export function backoffMs({ backoffMs: first }: RetryPolicy, failures: number): number {
  return Math.min(first * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
}
