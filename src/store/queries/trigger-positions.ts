import type { NodeId, WorkflowId } from "../../engine/workflow/workflow-ids.js";
import type { DatabaseSession } from "../database.js";

/** How far a trigger node has been dealt with: an instant of its schedule, UTC epoch ms, or the id of an incident. */
export interface TriggerPosition {
  readonly workflowId: WorkflowId;
  readonly nodeId: NodeId;
  readonly revision: number;
  readonly position: number;
}

export async function readTriggerPositions(session: DatabaseSession): Promise<readonly TriggerPosition[]> {
  const rows = await session.query<{ workflow_id: WorkflowId; node_id: NodeId; revision: number; position: string }>(
    "SELECT workflow_id, node_id, revision, position FROM workflow_trigger_positions",
  );
  return rows.map(({ workflow_id, node_id, revision, position }) => ({
    workflowId: workflow_id,
    nodeId: node_id,
    revision,
    position: Number(position),
  }));
}

/** Of each trigger at most one. */
export async function writeTriggerPositions(
  session: DatabaseSession,
  positions: readonly TriggerPosition[],
): Promise<void> {
  if (positions.length === 0) return;
  // Under several processes, rows are locked in one order.
  await session.query(
    `INSERT INTO workflow_trigger_positions (workflow_id, node_id, revision, position)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[]) AS p(workflow_id, node_id, revision, position)
      ORDER BY workflow_id, node_id
     ON CONFLICT (workflow_id, node_id) DO UPDATE SET (revision, position) = (excluded.revision, excluded.position)`,
    [
      positions.map(({ workflowId }) => workflowId),
      positions.map(({ nodeId }) => nodeId),
      positions.map(({ revision }) => revision),
      positions.map(({ position }) => position),
    ],
  );
}

export async function removeTriggerPositions(
  session: DatabaseSession,
  positions: readonly TriggerPosition[],
): Promise<void> {
  for (const { workflowId, nodeId } of positions) {
    await session.query("DELETE FROM workflow_trigger_positions WHERE workflow_id = $1 AND node_id = $2", [
      workflowId,
      nodeId,
    ]);
  }
}
