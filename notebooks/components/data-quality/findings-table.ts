import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { sortableTable, type TableColumn } from "../table/sortable-table.js";
import { FINDING_MEANINGS, severityRank } from "./finding-meaning.js";
import type { QualityFinding } from "./quality-findings.js";
import { severityBadge } from "./severity-badge.js";

/** Findings, gravest first; `hasSymbols` is false where all belong to one symbol. */
export function findingsTable(
  findings: readonly QualityFinding[],
  { hasSymbols = true, height = 560 } = {},
): HTMLElement {
  const symbolColumn: TableColumn<QualityFinding> = {
    key: "symbol",
    label: "Symbol",
    kind: "symbol",
    value: ({ symbol }) => symbol,
    show: ({ symbol }) => element("a", { href: symbolHref(symbol) }, symbol),
  };
  return sortableTable({
    rows: findings,
    caption: "Findings of the quality checks",
    noun: "finding",
    height,
    isSearchable: hasSymbols,
    sort: { key: "severity", direction: "ascending" },
    columns: [
      ...(hasSymbols ? [symbolColumn] : []),
      {
        key: "severity",
        label: "Severity",
        kind: "badge",
        value: ({ severity }) => severityRank(severity),
        show: ({ severity }) => severityBadge(severity),
      },
      {
        key: "kind",
        label: "Kind",
        kind: "text",
        value: ({ kind }) => FINDING_MEANINGS[kind]?.label ?? kind,
      },
      {
        key: "count",
        label: "Rows",
        kind: "number",
        value: ({ count }) => count,
        show: ({ count }) => count.toLocaleString("en-US"),
      },
      {
        key: "from",
        label: "From",
        kind: "number",
        value: ({ fromMs }) => fromMs,
        show: ({ fromMs }) => formatDay(fromMs),
      },
      { key: "to", label: "To", kind: "number", value: ({ toMs }) => toMs, show: ({ toMs }) => formatDay(toMs) },
      { key: "message", label: "What was seen", kind: "prose", value: ({ message }) => message },
      { key: "source", label: "Source", kind: "text", value: ({ source }) => source },
    ],
  });
}
