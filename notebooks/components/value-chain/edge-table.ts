import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { element } from "../element.js";
import { directionClass, formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { exportedColumns, sortableTable, type TableColumn } from "../table/sortable-table.js";
import { factsOf, type Measurements } from "./chain-facts.js";
import { CONFIDENCE_LABELS, EDGE_KIND_LABELS, signInWords } from "./chain-words.js";
import { type EdgeFacts, leadInWords } from "./edge-card.js";

/** Every edge in sight as a row: all that the picture shows, for the keyboard and for sorting. */
export function edgeTable(
  chain: ValueChain,
  measured: Measurements,
  provenance: Provenance,
  onChoose: (id: string) => void,
): HTMLElement {
  const rows = chain.edges.map(factsOf(chain, measured));
  const columns = edgeColumns(onChoose);
  return figureFrame({
    title: "Edge by edge",
    subtitle: "what moves what, why, and how sure that is; beta: measured over about a month",
    body: element(
      "div",
      { class: "chain-table" },
      sortableTable({
        rows,
        columns,
        caption: "Edges of the value chain",
        noun: "edge",
        height: 480,
        sort: { key: "source_node", direction: "ascending" },
      }),
    ),
    provenance: { ...provenance, rows: rows.length },
    fileName: "value-chain-edges",
    data: () => exportedColumns(columns, rows),
    hasPicture: false,
  });
}

function edgeColumns(onChoose: (id: string) => void): TableColumn<EdgeFacts>[] {
  const link = (text: string, id: string) =>
    element("button", { type: "button", class: "link", onclick: () => onChoose(id) }, text);
  return [
    {
      key: "source_node",
      label: "From",
      kind: "symbol",
      value: ({ source }) => source?.name,
      show: ({ source, edge }) => link(source?.name ?? edge.sourceId, edge.sourceId),
    },
    {
      key: "target_node",
      label: "To",
      kind: "text",
      value: ({ target }) => target?.name,
      show: ({ target, edge }) => link(target?.name ?? edge.targetId, edge.targetId),
    },
    {
      key: "kind",
      label: "Kind",
      kind: "text",
      value: ({ edge }) => EDGE_KIND_LABELS[edge.kind],
      show: ({ edge }) => link(EDGE_KIND_LABELS[edge.kind], edge.id),
      exported: ({ edge }) => edge.kind,
    },
    {
      key: "sign",
      label: "Sign",
      kind: "badge",
      value: ({ edge }) => signInWords(edge.sign),
      className: ({ edge }) => directionClass(edge.sign),
      exported: ({ edge }) => edge.sign,
    },
    {
      key: "confidence",
      label: "Confidence",
      kind: "badge",
      value: ({ edge }) => CONFIDENCE_LABELS[edge.confidence],
      exported: ({ edge }) => edge.confidence,
    },
    {
      key: "beta",
      label: "Beta",
      kind: "number",
      hint: "measured over about a month; empty where prices of one end are missing",
      value: ({ beta }) => beta?.beta ?? Number.NaN,
      show: ({ beta }) => formatSigned(beta?.beta ?? Number.NaN),
    },
    {
      key: "standard_error",
      label: "Std. error",
      kind: "number",
      value: ({ beta }) => beta?.standardError ?? Number.NaN,
      show: ({ beta }) => formatNumber(beta?.standardError ?? Number.NaN),
    },
    {
      key: "lead_lag",
      label: "Lead-lag",
      kind: "text",
      hint: "what the lead-lag screen found for the pair; – where it was not measured",
      value: (row) => (row.lead ? leadInWords(row) : "–"),
    },
    { key: "rationale", label: "Why", kind: "prose", value: ({ edge }) => edge.rationale },
    {
      key: "source",
      label: "Source",
      kind: "text",
      value: ({ edge }) => [edge.source, edge.sourceDate].filter(Boolean).join(", "),
    },
  ];
}
