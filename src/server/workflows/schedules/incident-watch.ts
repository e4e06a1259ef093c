import { epochMs } from "../../../engine/units/epoch-ms.js";
import type { TriggerInstance } from "../../../engine/workflow/workflow-ids.js";
import type { Incident } from "../../../store/queries/feed-incidents.js";
import type { TriggerPosition } from "../../../store/queries/trigger-positions.js";
import { type ActiveTrigger, triggerKey } from "./active-triggers.js";
import type { WatchOptions } from "./cron-watch.js";
import { fireTrigger } from "./trigger-firer.js";
import { placeTriggers } from "./trigger-positions.js";

/** Incidents in the order in which they were opened. */
export interface IncidentSource {
  lastId(): Promise<number>;
  /** Those after an id, ascending, at most `limit`. */
  after(id: number, limit: number): Promise<readonly Incident[]>;
}

const BATCH = 200;
const RANKS = { info: 0, warning: 1, critical: 2 } as const;

/** Fires for incidents that were opened since the last time. A workflow is not started by an incident of its own. */
export async function fireIncidents(
  triggers: readonly ActiveTrigger[],
  stored: readonly TriggerPosition[],
  { positions, dispatcher, logger, incidents }: WatchOptions & { readonly incidents: IncidentSource },
): Promise<void> {
  if (triggers.length === 0) return;
  const placed = await placeTriggers(positions, stored, triggers, await incidents.lastId());
  const news = await incidents.after(Math.min(...placed.values()), BATCH);
  for (const { workflowId, nodeId, revision, condition } of triggers) {
    if (condition.kind !== "incident") continue;
    const position = placed.get(triggerKey({ workflowId, nodeId }))!;
    let reached = position;
    for (const incident of news) {
      if (incident.id <= position) continue;
      const severity = severityOf(incident);
      const isMeant =
        RANKS[severity] >= RANKS[condition.severity] &&
        incident.message.toLowerCase().includes(condition.contains.toLowerCase()) &&
        incident.details.workflowId !== workflowId;
      if (isMeant) {
        const facts = {
          kind: "incident",
          instance: `incident:${incident.id}` as TriggerInstance,
          firedAtMs: epochMs(incident.openedAtMs),
          payload: { title: incident.message, severity, kind: incident.kind, subject: incident.subject },
        } as const;
        if (!(await fireTrigger(dispatcher, { workflowId, nodeId, facts }, logger))) break;
      }
      reached = incident.id;
    }
    if (reached > position) await positions.write([{ workflowId, nodeId, revision, position: reached }]);
  }
}

/** Incidents know `error` where workflows have `warning` and `critical` alone. */
function severityOf({ severity }: Incident): keyof typeof RANKS {
  return severity === "error" ? "critical" : severity;
}
