import type { Logger } from "pino";
import { epochMs } from "../../../engine/units/epoch-ms.js";
import type { NodeId, TriggerInstance } from "../../../engine/workflow/workflow-ids.js";
import type { TriggerPosition } from "../../../store/queries/trigger-positions.js";
import type { TriggerDispatcher, TriggerFiring } from "../trigger-dispatcher.js";
import { type ActiveTrigger, triggerKey } from "./active-triggers.js";
import { dueRuns } from "./due-runs.js";
import { fireTrigger } from "./trigger-firer.js";
import { placeTriggers, type TriggerPositions } from "./trigger-positions.js";

export interface WatchOptions {
  readonly positions: TriggerPositions;
  readonly dispatcher: TriggerDispatcher;
  readonly logger: Logger;
}

/** The occurrence of a schedule at a time: fired twice, by whomever, it starts one run. */
export function cronInstance(nodeId: NodeId, timeMs: number): TriggerInstance {
  return `cron:${nodeId}:${timeMs}` as TriggerInstance;
}

/** An instant, and since when this process watches without a break. */
export interface WatchedTime {
  readonly nowMs: number;
  readonly watchedSinceMs: number;
}

/**
 * Fires what schedules owe at an instant: schedules together, the times of each one after the other. Any number of
 * processes may do this at the same time.
 */
export async function fireSchedules(
  triggers: readonly ActiveTrigger[],
  stored: readonly TriggerPosition[],
  { positions, dispatcher, logger }: WatchOptions,
  { nowMs, watchedSinceMs }: WatchedTime,
): Promise<void> {
  const placed = await placeTriggers(positions, stored, triggers, nowMs);
  const fire = async (trigger: ActiveTrigger): Promise<TriggerPosition | undefined> => {
    const { workflowId, nodeId, revision, missedRuns, condition } = trigger;
    if (condition.kind !== "cron") return undefined;
    const positionMs = placed.get(triggerKey({ workflowId, nodeId }))!;
    const due = dueRuns(condition.schedule, { positionMs, nowMs, missedRuns, watchedSinceMs });
    let isDealtWith = true;
    for (const timeMs of due.times) {
      const firing: TriggerFiring = {
        workflowId,
        nodeId,
        facts: {
          kind: "cron",
          instance: cronInstance(nodeId, timeMs),
          firedAtMs: timeMs,
          payload: { scheduledAtMs: timeMs },
        },
        asOfMs: epochMs(timeMs),
      };
      isDealtWith = (await fireTrigger(dispatcher, firing, logger)) && isDealtWith;
    }
    if (!isDealtWith || due.positionMs === positionMs) return undefined;
    return { workflowId, nodeId, revision, position: due.positionMs };
  };
  const fireAlone = (trigger: ActiveTrigger) =>
    fire(trigger).catch((error: unknown) => {
      const { workflowId, nodeId } = trigger;
      logger.warn({ err: error, workflowId, nodeId }, "a schedule was not looked at");
      return undefined;
    });
  const reached = (await Promise.all(triggers.map(fireAlone))).filter((position) => position !== undefined);
  if (reached.length > 0) await positions.write(reached);
}
