import type { FindingSeverity } from "../../engine/data-quality/finding.js";
import { formatDay } from "../format/date-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { findingsTable } from "./findings-table.js";
import type { QualityFinding } from "./quality-findings.js";

export const SEVERITY_FILTERS = [
  { value: "all", label: "All" },
  { value: "error", label: "Errors" },
  { value: "warning", label: "Warnings" },
  { value: "info", label: "Information" },
] as const satisfies readonly { value: FindingSeverity | "all"; label: string }[];

export type SeverityFilter = (typeof SEVERITY_FILTERS)[number]["value"];

/** Each finding with its days and what was seen. */
export function findingsFigure(all: readonly QualityFinding[], filter: SeverityFilter, provenance: Provenance): Node {
  if (all.length === 0) return document.createDocumentFragment();
  const findings = all.filter(({ severity }) => filter === "all" || severity === filter);
  const symbols = new Set(findings.map(({ symbol }) => symbol)).size;
  return figureFrame({
    title: `${findings.length.toLocaleString("en-US")} findings in ${symbols} symbols`,
    subtitle: "rows as they stand in the store; quantflow quality sets a symbol or a range apart",
    body: findingsTable(findings),
    provenance,
    fileName: "quality-findings",
    hasPicture: false,
    data: () => ({
      symbol: findings.map(({ symbol }) => symbol),
      kind: findings.map(({ kind }) => kind),
      severity: findings.map(({ severity }) => severity),
      from: findings.map(({ fromMs }) => formatDay(fromMs)),
      to: findings.map(({ toMs }) => formatDay(toMs)),
      rows: findings.map(({ count }) => count),
      message: findings.map(({ message }) => message),
      source: findings.map(({ source }) => source),
    }),
  });
}
