import { WorkbenchError } from "../../engine/errors.js";
import { WORKFLOW_PERMISSIONS, type WorkflowPermission } from "../../engine/workflow/node-type.js";
import type { PermissionSource } from "./permission-source.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What workflows may do, of `WORKFLOW_PERMISSIONS`: names divided by commas, `none`, or everything when it is not set.
 * @throws CONFIGURATION_INVALID
 */
export function readWorkflowPermissions(environment: Environment): ReadonlySet<WorkflowPermission> {
  const text = environment.WORKFLOW_PERMISSIONS?.trim() ?? "";
  if (text === "") return new Set(WORKFLOW_PERMISSIONS);
  if (text === "none") return new Set();
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !WORKFLOW_PERMISSIONS.includes(name as WorkflowPermission));
  if (unknown !== undefined) {
    throw new WorkbenchError(
      "CONFIGURATION_INVALID",
      `invalid WORKFLOW_PERMISSIONS: ${unknown} (accepted: none, or any of ${WORKFLOW_PERMISSIONS.join(", ")}, divided by commas)`,
      { details: { names: ["WORKFLOW_PERMISSIONS"] } },
    );
  }
  return new Set(names as WorkflowPermission[]);
}

/** Reads the environment for every step: what is taken out of it is lost to runs at work. */
export function permissionsOf(environment: Environment): PermissionSource {
  return { mayUse: (_principal, permission) => readWorkflowPermissions(environment).has(permission) };
}
