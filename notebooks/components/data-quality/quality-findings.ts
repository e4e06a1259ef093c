import type { Table } from "npm:apache-arrow";
import type { FindingKind, FindingSeverity } from "../../engine/data-quality/finding.js";
import { numberColumn, textColumn } from "../arrow-columns.js";

/** A stored finding as the loader gives it; days are epoch milliseconds at 00:00 UTC. */
export interface QualityFinding {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly message: string;
  readonly source: string;
}

export function readFindings(table: Table): QualityFinding[] {
  const text = (name: string) => textColumn(table, name);
  const [kinds, severities, symbols] = [text("kind"), text("severity"), text("symbol")];
  const [messages, sources] = [text("message"), text("source")];
  const [from, to, counts] = [numberColumn(table, "from"), numberColumn(table, "to"), numberColumn(table, "count")];
  return kinds.map((kind, row) => ({
    kind: kind as FindingKind,
    severity: (severities[row] ?? "info") as FindingSeverity,
    symbol: symbols[row] ?? "",
    fromMs: from[row] ?? Number.NaN,
    toMs: to[row] ?? Number.NaN,
    count: counts[row] ?? 0,
    message: messages[row] ?? "",
    source: sources[row] ?? "",
  }));
}
