import type { WorkflowPermission } from "../../engine/workflow/node-type.js";

/** What those may do in whose name runs work. */
export interface PermissionSource {
  /** Asked anew for every step, so that a permission can be lost while a run is at work. */
  mayUse(principal: string, permission: WorkflowPermission): boolean | Promise<boolean>;
}

/** In whose name runs work as long as there is no login. */
export const LOCAL_PRINCIPAL = "local";
