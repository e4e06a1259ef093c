import { edgeIdOf } from "../../engine/value-chain/element-ids.js";
import type { EdgeKind, ValueChainNodeId } from "../../engine/value-chain/value-chain.js";
import type { EdgeDraft, NodeDraft } from "../../engine/value-chain/value-chain-draft.js";

/** Text of a field, by the name of its column; "" where a file gives none. */
export type FieldText = (column: string) => string;

const SIGNS: Readonly<Record<string, number>> = { "-1": -1, "0": 0, "1": 1, "+1": 1 };

export function nodeOfTexts(text: FieldText): NodeDraft {
  return {
    id: text("id"),
    name: text("name"),
    kind: text("kind"),
    sector: text("sector") || undefined,
    symbol: text("symbol") || undefined,
    validFrom: text("valid_from") || undefined,
    validTo: text("valid_to") || undefined,
  };
}

/** An edge without an id gets the one of its ends and kind. */
export function edgeOfTexts(text: FieldText): EdgeDraft {
  const sourceId = text("source_id");
  const targetId = text("target_id");
  const kind = text("kind");
  return {
    id: text("id") || edgeIdOf(sourceId as ValueChainNodeId, targetId as ValueChainNodeId, kind as EdgeKind),
    sourceId,
    targetId,
    kind,
    sign: SIGNS[text("sign")] ?? text("sign"),
    confidence: text("confidence"),
    rationale: text("rationale"),
    source: text("source"),
    sourceDate: text("source_date") || undefined,
    validFrom: text("valid_from") || undefined,
    validTo: text("valid_to") || undefined,
  };
}
