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

/** Fires what schedules owe at an instant. Any number of processes may do this at the same time. */
export async function fireSchedules(
  triggers: readonly ActiveTrigger[],
  stored: readonly TriggerPosition[],
  { positions, dispatcher, logger }: WatchOptions,
  nowMs: number,
): Promise<void> {
  const placed = await placeTriggers(positions, stored, triggers, nowMs);
  for (const { workflowId, nodeId, revision, missedRuns, condition } of triggers) {
    if (condition.kind !== "cron") continue;
    const positionMs = placed.get(triggerKey({ workflowId, nodeId }))!;
    const due = dueRuns(condition.schedule, { positionMs, nowMs, missedRuns });
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
    if (isDealtWith && due.positionMs !== positionMs) {
      await positions.write([{ workflowId, nodeId, revision, position: due.positionMs }]);
    }
  }
}
