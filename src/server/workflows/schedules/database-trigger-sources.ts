import type { Database } from "../../../store/database.js";
import { incidentsAfter, lastIncidentId } from "../../../store/queries/feed-incidents.js";
import {
  readTriggerPositions,
  removeTriggerPositions,
  writeTriggerPositions,
} from "../../../store/queries/trigger-positions.js";
import type { IncidentSource } from "./incident-watch.js";
import type { TriggerPositions } from "./trigger-positions.js";

export function databaseTriggerPositions(database: Database): TriggerPositions {
  return {
    read: () => readTriggerPositions(database),
    write: (positions) => writeTriggerPositions(database, positions),
    remove: (positions) => removeTriggerPositions(database, positions),
  };
}

export function databaseIncidents(database: Database): IncidentSource {
  return {
    lastId: () => lastIncidentId(database),
    after: (id, limit) => incidentsAfter(database, { id, limit }),
  };
}
