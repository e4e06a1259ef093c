import type { TriggerPosition } from "../../../store/queries/trigger-positions.js";
import { type ActiveTrigger, triggerKey } from "./active-triggers.js";

/** How far each trigger has been dealt with: what a schedule missed while nobody watched follows from it. */
export interface TriggerPositions {
  read(): Promise<readonly TriggerPosition[]>;
  write(positions: readonly TriggerPosition[]): Promise<void>;
  /** Triggers that are no longer active: when they are again, they begin anew. */
  remove(positions: readonly TriggerPosition[]): Promise<void>;
}

export class MemoryTriggerPositions implements TriggerPositions {
  readonly #positions = new Map<string, TriggerPosition>();

  async read(): Promise<readonly TriggerPosition[]> {
    return [...this.#positions.values()];
  }

  async write(positions: readonly TriggerPosition[]): Promise<void> {
    for (const position of positions) this.#positions.set(triggerKey(position), position);
  }

  async remove(positions: readonly TriggerPosition[]): Promise<void> {
    for (const position of positions) this.#positions.delete(triggerKey(position));
  }
}

/** The positions of these triggers by key; one without a position of its revision gets `startAt`. */
export async function placeTriggers(
  positions: TriggerPositions,
  stored: readonly TriggerPosition[],
  triggers: readonly ActiveTrigger[],
  startAt: number,
): Promise<Map<string, number>> {
  const known = new Map(stored.map((position) => [triggerKey(position), position]));
  const placed = new Map<string, number>();
  const begun: TriggerPosition[] = [];
  for (const { workflowId, nodeId, revision } of triggers) {
    const key = triggerKey({ workflowId, nodeId });
    const position = known.get(key);
    const isNew = position?.revision !== revision;
    placed.set(key, isNew ? startAt : position.position);
    if (isNew) begun.push({ workflowId, nodeId, revision, position: startAt });
  }
  if (begun.length > 0) await positions.write(begun);
  return placed;
}
