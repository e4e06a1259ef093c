import { WorkbenchError } from "../../../engine/errors.js";
import type { EpochMs } from "../../../engine/units/epoch-ms.js";
import type { RunMode } from "../../../engine/workflow/run-event.js";
import type { TriggerInstance } from "../../../engine/workflow/workflow-ids.js";
import type { DispatchOutcome, TriggerDispatcher } from "../trigger-dispatcher.js";
import type { ActiveTrigger } from "./active-triggers.js";
import { cronTimes } from "./cron-times.js";

/** Runs of one backfill. */
export const MOST_BACKFILL_RUNS = 1_000;

export interface BackfillRange {
  /** Included. */
  readonly fromMs: number;
  /** Not included; not after the present. */
  readonly toMs: number;
  readonly mode: RunMode;
  readonly nowMs: number;
}

export interface BackfilledRun {
  readonly scheduledAtMs: EpochMs;
  readonly outcome: DispatchOutcome;
}

/**
 * Starts a run for every time of a schedule within a range of the past, each looking at the market as of its time.
 * Asked for twice, a time runs once per mode.
 * @throws RANGE_INVALID for an empty range, one that reaches into the future, or one with too many times;
 * ARGUMENT_INVALID for a trigger without a schedule
 */
export async function backfill(
  dispatcher: TriggerDispatcher,
  trigger: ActiveTrigger | Pick<ActiveTrigger, "workflowId">,
  { fromMs, toMs, mode, nowMs }: BackfillRange,
): Promise<readonly BackfilledRun[]> {
  const { workflowId } = trigger;
  const condition = "condition" in trigger ? trigger.condition : undefined;
  if (!("nodeId" in trigger) || condition?.kind !== "cron") {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `workflow ${workflowId} starts ${condition ? `on ${condition.kind}` : "by hand"}: only a schedule (trigger.cron) has times to backfill`,
    );
  }
  const { nodeId } = trigger;
  if (!(fromMs < toMs && toMs <= nowMs)) {
    throw new WorkbenchError(
      "RANGE_INVALID",
      `invalid range: ${fromMs} to ${toMs} (accepted: instants in epoch ms, from before to, to not after the present, ${nowMs})`,
    );
  }
  const times = cronTimes(condition.schedule, {
    afterMs: fromMs - 1,
    untilMs: toMs - 1,
    limit: MOST_BACKFILL_RUNS + 1,
  });
  if (times.length > MOST_BACKFILL_RUNS) {
    throw new WorkbenchError(
      "RANGE_INVALID",
      `invalid range: ${condition.schedule} fires more than ${MOST_BACKFILL_RUNS} times in it (accepted: at most ${MOST_BACKFILL_RUNS})`,
    );
  }
  const runs: BackfilledRun[] = [];
  for (const scheduledAtMs of times) {
    const instance = `backfill:${mode}:${nodeId}:${scheduledAtMs}` as TriggerInstance;
    const facts = { kind: "backfill", instance, firedAtMs: scheduledAtMs, payload: { scheduledAtMs } } as const;
    const outcome = await dispatcher.fire({ workflowId, nodeId, facts, asOfMs: scheduledAtMs, mode });
    runs.push({ scheduledAtMs, outcome });
  }
  return runs;
}
