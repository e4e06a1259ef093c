import type { Logger } from "pino";
import { isWorkbenchError } from "../../../engine/errors.js";
import type { TriggerDispatcher, TriggerFiring } from "../trigger-dispatcher.js";

/** What the workflow or its owner changed in between: nothing to report. */
const OUTDATED = new Set(["NOT_FOUND", "WORKFLOW_INACTIVE"]);

/**
 * Fires one trigger. False when it should be fired again later, because the database was out of reach: whatever else
 * fails would fail again, and is logged.
 */
export async function fireTrigger(
  dispatcher: TriggerDispatcher,
  firing: TriggerFiring,
  logger: Logger,
): Promise<boolean> {
  const { workflowId, facts } = firing;
  try {
    const outcome = await dispatcher.fire(firing);
    logger.debug({ workflowId, instance: facts.instance, outcome }, "a trigger fired");
    return true;
  } catch (error) {
    const code = isWorkbenchError(error) ? error.code : "INTERNAL";
    if (OUTDATED.has(code)) return true;
    logger.warn({ err: error, workflowId, instance: facts.instance }, "a trigger could not start its workflow");
    return code !== "DATABASE_UNREACHABLE";
  }
}
