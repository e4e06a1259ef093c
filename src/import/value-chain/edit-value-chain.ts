import { WorkbenchError } from "../../engine/errors.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import { applyValueChainChange } from "../../engine/value-chain/apply-change.js";
import {
  compareValueChains,
  isUnchanged,
  type ValueChainComparison,
} from "../../engine/value-chain/compare-value-chains.js";
import type {
  ValueChain,
  ValueChainEdge,
  ValueChainEdgeId,
  ValueChainNode,
  ValueChainNodeId,
} from "../../engine/value-chain/value-chain.js";
import type { ValueChainChange } from "../../engine/value-chain/value-chain-change.js";
import type { Database, DatabaseSession } from "../../store/database.js";
import { appendRevision, lockValueChain, type RevisionFacts } from "../../store/queries/value-chain-changes.js";
import { readValueChain, type StoredValueChain } from "../../store/queries/value-chain-queries.js";

/** Who changes the graph, and what they had seen of it. */
export interface EditFacts {
  readonly author: string;
  readonly note: string;
  readonly changedAtMs: EpochMs;
  /** Elements written since this revision are not written over; without it, everything may be. */
  readonly expectedRevision?: number | undefined;
}

/** What a stored edit did: what to put into the graph of before, and what to take out. */
export interface EditedValueChain {
  /** The last revision, which is the one of before when nothing differed. */
  readonly revision: number;
  readonly nodes: readonly ValueChainNode[];
  readonly edges: readonly ValueChainEdge[];
  readonly removedNodeIds: readonly ValueChainNodeId[];
  readonly removedEdgeIds: readonly ValueChainEdgeId[];
}

/** Stores one edit. @throws VALUE_CHAIN_INVALID, VALUE_CHAIN_CONFLICT, NOT_FOUND */
export function changeValueChain(
  database: Database,
  change: ValueChainChange,
  facts: EditFacts,
): Promise<EditedValueChain> {
  return database.transaction((session) =>
    editValueChain(session, { kind: change.kind, ...facts }, (stored) => {
      requireSeen(stored, change, facts.expectedRevision);
      return applyValueChainChange(stored.chain, change);
    }),
  );
}

/**
 * Stores the difference that `edit` makes to the graph as one revision, within the transaction of the session.
 * @throws VALUE_CHAIN_CONFLICT when an element that it touches was written after the expected revision
 */
export async function editValueChain(
  session: DatabaseSession,
  { expectedRevision, ...facts }: EditFacts & Pick<RevisionFacts, "kind" | "undoes">,
  edit: (stored: StoredValueChain) => ValueChain,
): Promise<EditedValueChain> {
  await lockValueChain(session);
  const stored = await readValueChain(session);
  requireKnownRevision(stored, expectedRevision);
  const difference = compareValueChains(stored.chain, edit(stored));
  requireUntouched(stored, difference, expectedRevision);
  const revision = isUnchanged(difference) ? stored.revision : await appendRevision(session, difference, facts);
  const { nodes, edges } = difference;
  return {
    revision,
    nodes: [...nodes.added, ...nodes.changed.map(({ after }) => after)],
    edges: [...edges.added, ...edges.changed.map(({ after }) => after)],
    removedNodeIds: nodes.retired.map(({ id }) => id),
    removedEdgeIds: edges.retired.map(({ id }) => id),
  };
}

function requireKnownRevision({ revision }: StoredValueChain, expectedRevision = 0): void {
  if (expectedRevision <= revision) return;
  throw new WorkbenchError(
    "VALUE_CHAIN_CONFLICT",
    `invalid expectedRevision: ${expectedRevision} (accepted: up to ${revision}, the last revision of this store)`,
    { details: { revision } },
  );
}

/** An element that someone removed since cannot be changed, and one that someone added cannot be added. */
function requireSeen(stored: StoredValueChain, change: ValueChainChange, expectedRevision?: number): void {
  if ("node" in change) requireNotNewer(stored, "node", stored.nodeRevisions.get(change.node.id), expectedRevision);
  else if ("edge" in change)
    requireNotNewer(stored, "edge", stored.edgeRevisions.get(change.edge.id), expectedRevision);
  else if (change.kind === "retire-node")
    requireNotNewer(stored, "node", stored.nodeRevisions.get(change.id), expectedRevision);
  else requireNotNewer(stored, "edge", stored.edgeRevisions.get(change.id), expectedRevision);
}

function requireUntouched(
  stored: StoredValueChain,
  { nodes, edges }: ValueChainComparison,
  expectedRevision?: number,
): void {
  for (const { id } of [...nodes.added, ...nodes.changed.map(({ after }) => after), ...nodes.retired])
    requireNotNewer(stored, "node", stored.nodeRevisions.get(id), expectedRevision);
  for (const { id } of [...edges.added, ...edges.changed.map(({ after }) => after), ...edges.retired])
    requireNotNewer(stored, "edge", stored.edgeRevisions.get(id), expectedRevision);
}

function requireNotNewer(
  { revision }: StoredValueChain,
  element: "node" | "edge",
  writtenIn = 0,
  expectedRevision = Number.POSITIVE_INFINITY,
): void {
  if (writtenIn <= expectedRevision) return;
  throw new WorkbenchError(
    "VALUE_CHAIN_CONFLICT",
    `the ${element} was changed in revision ${writtenIn}, after ${expectedRevision}: read the graph again (it is at revision ${revision}) and repeat the change`,
    { details: { revision, writtenIn } },
  );
}
