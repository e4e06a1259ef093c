import type { Table } from "npm:apache-arrow";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { MeasuredEdgeBeta } from "../../engine/value-chain/edge-beta.js";
import type {
  Confidence,
  EdgeKind,
  NodeKind,
  ValueChain,
  ValueChainEdgeId,
  ValueChainNodeId,
} from "../../engine/value-chain/value-chain.js";
import { numberColumn, textColumn } from "../arrow-columns.js";
import { type Provenance, readProvenance } from "../frame/provenance.js";

/** Every element of the graph, of whatever validity, as the loaders wrote it. */
export interface StoredValueChain {
  readonly chain: ValueChain;
  readonly measured: readonly MeasuredEdgeBeta[];
  readonly provenance: Provenance;
}

/** Reads the loaders' two tables; the store has checked what is in them. */
export function readValueChain(nodes: Table, edges: Table): StoredValueChain {
  const ids = textColumn(edges, "id") as ValueChainEdgeId[];
  const [betas, errors, counts] = ["beta", "standard_error", "n"].map((name) => numberColumn(edges, name));
  return {
    chain: { nodes: readNodes(nodes), edges: readEdges(edges) },
    measured: ids
      .map((edgeId, row) => ({
        edgeId,
        beta: betas?.[row] ?? Number.NaN,
        standardError: errors?.[row] ?? Number.NaN,
        n: counts?.[row] ?? Number.NaN,
      }))
      .filter(({ beta }) => Number.isFinite(beta)),
    provenance: readProvenance(edges.schema.metadata),
  };
}

function readNodes(table: Table): ValueChain["nodes"] {
  const [ids = [], names = [], kinds = [], sectors = [], symbols = []] = ["id", "name", "kind", "sector", "symbol"].map(
    (name) => textColumn(table, name),
  );
  const validity = readValidity(table);
  return ids.map((id, row) => ({
    id: id as ValueChainNodeId,
    name: names[row] ?? id ?? "",
    kind: kinds[row] as NodeKind,
    sector: sectors[row] ?? undefined,
    symbol: (symbols[row] ?? undefined) as InstrumentSymbol | undefined,
    ...validity(row),
  }));
}

function readEdges(table: Table): ValueChain["edges"] {
  const text = (name: string) => textColumn(table, name);
  const [ids, sourceIds, targetIds, kinds] = [text("id"), text("source_id"), text("target_id"), text("kind")];
  const [confidences, rationales, sources] = [text("confidence"), text("rationale"), text("source")];
  const sourceDates = text("source_date");
  const signs = numberColumn(table, "sign");
  const validity = readValidity(table);
  return ids.map((id, row) => ({
    id: id as ValueChainEdgeId,
    sourceId: sourceIds[row] as ValueChainNodeId,
    targetId: targetIds[row] as ValueChainNodeId,
    kind: kinds[row] as EdgeKind,
    sign: (signs[row] ?? 0) as -1 | 0 | 1,
    confidence: confidences[row] as Confidence,
    rationale: rationales[row] ?? "",
    source: sources[row] ?? "",
    sourceDate: (sourceDates[row] ?? undefined) as TradingDate | undefined,
    ...validity(row),
  }));
}

function readValidity(table: Table) {
  const [from, to] = [textColumn(table, "valid_from"), textColumn(table, "valid_to")];
  return (row: number) => ({
    validFrom: (from[row] ?? undefined) as TradingDate | undefined,
    validTo: (to[row] ?? undefined) as TradingDate | undefined,
  });
}
