import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type {
  Confidence,
  EdgeKind,
  NodeKind,
  ValueChain,
  ValueChainEdge,
  ValueChainEdgeId,
  ValueChainNode,
  ValueChainNodeId,
} from "../../engine/value-chain/value-chain.js";
import { selectColumns } from "../copy-binary/select-columns.js";
import type { DatabaseSession } from "../database.js";

/** A graph as the store knows it, elements in the order of their ids. */
export interface StoredValueChain {
  readonly chain: ValueChain;
  /** Number of the last change; 0 while nothing was ever stored. */
  readonly revision: number;
  /** The revision that last wrote each element, removed ones included. */
  readonly nodeRevisions: ReadonlyMap<ValueChainNodeId, number>;
  readonly edgeRevisions: ReadonlyMap<ValueChainEdgeId, number>;
}

/** Which state of knowledge: the last one unless `revision` or an instant is given. */
export interface KnowledgeSelection {
  readonly knownAtMs?: EpochMs | undefined;
  readonly revision?: number | undefined;
}

/** Every element that was known, whatever the days on which it holds. */
export async function readValueChain(
  session: DatabaseSession,
  { knownAtMs, revision: chosen }: KnowledgeSelection = {},
): Promise<StoredValueChain> {
  const revision = chosen ?? (await lastRevision(session, knownAtMs));
  const { nodes, nodeRevisions } = await readNodes(session, revision);
  const { edges, edgeRevisions } = await readEdges(session, revision);
  return { chain: { nodes, edges }, revision, nodeRevisions, edgeRevisions };
}

/** Number of the last change made up to an instant; 0 when there is none. */
export async function lastRevision(session: DatabaseSession, knownAtMs?: EpochMs): Promise<number> {
  const [row] = await session.query<{ revision: number }>(
    `SELECT coalesce(max(revision), 0)::int4 AS revision FROM value_chain_changes
      WHERE $1::timestamptz IS NULL OR changed_at <= $1::timestamptz`,
    [knownAtMs === undefined ? null : new Date(knownAtMs).toISOString()],
  );
  return row!.revision;
}

async function readNodes(session: DatabaseSession, revision: number) {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT DISTINCT ON (id COLLATE "C") id, revision, removed::int4, name, kind, sector, symbol, valid_from::text,
            valid_to::text
       FROM value_chain_nodes WHERE revision <= ${revision} ORDER BY id COLLATE "C", revision DESC`,
    {
      id: "text",
      revision: "int4",
      removed: "int4",
      name: "text",
      kind: "text",
      sector: "text",
      symbol: "text",
      validFrom: "text",
      validTo: "text",
    },
  );
  const nodes: ValueChainNode[] = [];
  const nodeRevisions = new Map<ValueChainNodeId, number>();
  for (let row = 0; row < rowCount; row++) {
    const id = columns.id.at(row) as ValueChainNodeId;
    nodeRevisions.set(id, columns.revision.values[row]!);
    if (columns.removed.values[row] === 1) continue;
    nodes.push({
      id,
      name: columns.name.at(row)!,
      kind: columns.kind.at(row) as NodeKind,
      sector: columns.sector.at(row),
      symbol: columns.symbol.at(row) as InstrumentSymbol | undefined,
      validFrom: columns.validFrom.at(row) as TradingDate | undefined,
      validTo: columns.validTo.at(row) as TradingDate | undefined,
    });
  }
  return { nodes, nodeRevisions };
}

async function readEdges(session: DatabaseSession, revision: number) {
  const { rowCount, columns } = await selectColumns(
    session,
    `SELECT DISTINCT ON (id COLLATE "C") id, revision, removed::int4, source_id, target_id, kind, sign, confidence,
            rationale, source, source_date::text, valid_from::text, valid_to::text
       FROM value_chain_edges WHERE revision <= ${revision} ORDER BY id COLLATE "C", revision DESC`,
    {
      id: "text",
      revision: "int4",
      removed: "int4",
      sourceId: "text",
      targetId: "text",
      kind: "text",
      sign: "int4",
      confidence: "text",
      rationale: "text",
      source: "text",
      sourceDate: "text",
      validFrom: "text",
      validTo: "text",
    },
  );
  const edges: ValueChainEdge[] = [];
  const edgeRevisions = new Map<ValueChainEdgeId, number>();
  for (let row = 0; row < rowCount; row++) {
    const id = columns.id.at(row) as ValueChainEdgeId;
    edgeRevisions.set(id, columns.revision.values[row]!);
    if (columns.removed.values[row] === 1) continue;
    edges.push({
      id,
      sourceId: columns.sourceId.at(row) as ValueChainNodeId,
      targetId: columns.targetId.at(row) as ValueChainNodeId,
      kind: columns.kind.at(row) as EdgeKind,
      sign: columns.sign.values[row] as -1 | 0 | 1,
      confidence: columns.confidence.at(row) as Confidence,
      rationale: columns.rationale.at(row)!,
      source: columns.source.at(row)!,
      sourceDate: columns.sourceDate.at(row) as TradingDate | undefined,
      validFrom: columns.validFrom.at(row) as TradingDate | undefined,
      validTo: columns.validTo.at(row) as TradingDate | undefined,
    });
  }
  return { edges, edgeRevisions };
}
