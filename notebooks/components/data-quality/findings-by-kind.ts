import { from, op } from "npm:arquero";
import type { FindingKind, FindingSeverity } from "../../engine/data-quality/finding.js";
import { severityRank } from "./finding-meaning.js";
import type { QualityFinding } from "./quality-findings.js";

/** All findings of one kind and severity. */
export interface FindingGroup {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  readonly findings: number;
  readonly symbols: number;
  readonly rows: number;
}

/** Findings by kind and severity, gravest first, then by how many symbols they touch. */
export function findingsByKind(findings: readonly QualityFinding[]): FindingGroup[] {
  if (findings.length === 0) return [];
  const groups = from(findings.map(({ kind, severity, symbol, count }) => ({ kind, severity, symbol, count })))
    .groupby("kind", "severity")
    .rollup({ findings: op.count(), symbols: op.distinct("symbol"), rows: op.sum("count") })
    .objects() as FindingGroup[];
  return groups.sort((a, b) => severityRank(a.severity) - severityRank(b.severity) || b.symbols - a.symbols);
}
