import { element } from "../element.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { sortableTable } from "../table/sortable-table.js";
import { FINDING_MEANINGS, SEVERITY_MEANINGS, severityRank } from "./finding-meaning.js";
import type { FindingGroup } from "./findings-by-kind.js";
import { severityBadge } from "./severity-badge.js";

/** What was found, kind by kind, and what each kind does to figures made from such rows. */
export function findingGroupsFigure(groups: readonly FindingGroup[], provenance: Provenance): Node {
  if (groups.length === 0) return document.createDocumentFragment();
  const grave = groups.filter(({ severity }) => severity === "error");
  const total = (key: "findings" | "rows") => grave.reduce((sum, group) => sum + group[key], 0);
  return figureFrame({
    title:
      grave.length === 0
        ? "Nothing found that makes figures wrong"
        : `${total("findings").toLocaleString("en-US")} findings probably make figures wrong`,
    subtitle: Object.entries(SEVERITY_MEANINGS)
      .map(([severity, meaning]) => `${severity}: ${meaning}`)
      .join(" · "),
    body: sortableTable({
      rows: groups,
      caption: "Findings by kind",
      noun: "kind",
      height: 420,
      isSearchable: false,
      sort: { key: "severity", direction: "ascending" },
      columns: [
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
          show: ({ kind }) => element("b", {}, FINDING_MEANINGS[kind]?.label ?? kind),
        },
        { key: "findings", label: "Findings", kind: "number", value: ({ findings }) => findings },
        { key: "symbols", label: "Symbols", kind: "number", value: ({ symbols }) => symbols },
        {
          key: "rows",
          label: "Rows",
          kind: "number",
          value: ({ rows }) => rows,
          show: ({ rows }) => rows.toLocaleString("en-US"),
        },
        { key: "meaning", label: "What it means", kind: "prose", value: ({ kind }) => FINDING_MEANINGS[kind]?.meaning },
      ],
    }),
    provenance,
    fileName: "findings-by-kind",
    hasPicture: false,
    data: () => ({
      kind: groups.map(({ kind }) => kind),
      severity: groups.map(({ severity }) => severity),
      findings: groups.map(({ findings }) => findings),
      symbols: groups.map(({ symbols }) => symbols),
      rows: groups.map(({ rows }) => rows),
    }),
  });
}
