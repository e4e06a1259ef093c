import type { EdgeDraft, NodeDraft } from "../../engine/value-chain/value-chain-draft.js";

/** Column of each field of a node in CSV and GraphML, in order. */
export const NODE_COLUMNS = {
  id: "id",
  name: "name",
  kind: "kind",
  sector: "sector",
  symbol: "symbol",
  validFrom: "valid_from",
  validTo: "valid_to",
} as const satisfies Record<keyof NodeDraft, string>;

/** Column of each field of an edge in CSV and GraphML, in order. */
export const EDGE_COLUMNS = {
  id: "id",
  sourceId: "source_id",
  targetId: "target_id",
  kind: "kind",
  sign: "sign",
  confidence: "confidence",
  rationale: "rationale",
  source: "source",
  sourceDate: "source_date",
  validFrom: "valid_from",
  validTo: "valid_to",
} as const satisfies Record<keyof EdgeDraft, string>;
