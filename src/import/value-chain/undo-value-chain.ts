import { WorkbenchError } from "../../engine/errors.js";
import type { Database } from "../../store/database.js";
import { listRevisions, lockValueChain, undoableRevision } from "../../store/queries/value-chain-changes.js";
import { lastRevision, readValueChain } from "../../store/queries/value-chain-queries.js";
import { type EditedValueChain, type EditFacts, editValueChain } from "./edit-value-chain.js";

/**
 * Takes back the last change that stands, as a revision of its own; again takes back the one before. Everything that
 * the change wrote becomes what it was. @throws NOT_FOUND when no change is left, VALUE_CHAIN_CONFLICT when the graph
 * is not at the expected revision
 */
export function undoValueChain(database: Database, facts: EditFacts): Promise<EditedValueChain> {
  return database.transaction(async (session) => {
    await lockValueChain(session);
    const last = await lastRevision(session);
    if (facts.expectedRevision !== undefined && facts.expectedRevision !== last) {
      throw new WorkbenchError(
        "VALUE_CHAIN_CONFLICT",
        `the graph is at revision ${last}, not ${facts.expectedRevision}: read it again before undoing what others did`,
        { details: { revision: last } },
      );
    }
    const undoes = await undoableRevision(session);
    if (undoes === undefined) throw new WorkbenchError("NOT_FOUND", "no change of the value chain is left to undo");
    const [undone] = await listRevisions(session, { limit: 1, revision: undoes });
    const before = await readValueChain(session, { revision: undoes - 1 });
    const nodeIds = new Set(undone!.nodeIds);
    const edgeIds = new Set(undone!.edgeIds);
    return editValueChain(session, { ...facts, kind: "undo", undoes }, ({ chain: { nodes, edges } }) => ({
      nodes: [...nodes.filter(({ id }) => !nodeIds.has(id)), ...before.chain.nodes.filter(({ id }) => nodeIds.has(id))],
      edges: [...edges.filter(({ id }) => !edgeIds.has(id)), ...before.chain.edges.filter(({ id }) => edgeIds.has(id))],
    }));
  });
}
