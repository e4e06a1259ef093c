import type { ShockEffect, ShockReport } from "../../engine/value-chain/shock-propagation.js";
import type { ValueChain, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { element } from "../element.js";
import { directionClass, formatChange, formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { exportedColumns, sortableTable, type TableColumn } from "../table/sortable-table.js";
import { nodesById, shortName } from "./chain-words.js";

/** What a shock does, node by node, with intervals and the path that carries most of it. */
export function shockTable(
  report: ShockReport,
  chain: ValueChain,
  provenance: Provenance,
  onChoose: (id: string) => void,
): HTMLElement {
  const nodes = nodesById(chain);
  const shocked = nodes.get(report.nodeId);
  const columns = shockColumns(nodes, onChoose);
  const { affected, unaffected } = report;
  return figureFrame({
    title: shockTitle(report, shocked, nodes),
    subtitle: `effect on each node along paths of up to ${report.maxLength} steps, each step after the first passing on ${formatShare(report.attenuation)}; ${formatShare(report.level)} interval from the errors of the betas`,
    body: element(
      "div",
      { class: "chain-table" },
      sortableTable({
        rows: affected,
        columns,
        caption: "Effects of the shock",
        noun: "node",
        height: 360,
        sort: { key: "size", direction: "descending" },
      }),
      element("p", { class: "muted reading" }, shockNotes(report, unaffected.length)),
    ),
    provenance: { ...provenance, rows: affected.length },
    fileName: `value-chain-shock-${report.nodeId}`,
    data: () => exportedColumns(columns, affected),
    hasPicture: false,
  });
}

function shockTitle(
  { shock, affected }: ShockReport,
  shocked: ValueChainNode | undefined,
  nodes: ReadonlyMap<string, ValueChainNode>,
): string {
  const [first] = affected;
  const cause = `${shocked?.name ?? ""} ${formatChange(shock, 0)}`;
  if (!first) return `${cause}: nothing depends on it`;
  const most = nodes.get(first.nodeId);
  const others = affected.length === 1 ? "one node" : `${affected.length} nodes`;
  return `${cause} reaches ${others}, most of all ${most ? shortName(most) : ""} (${formatChange(first.effect, 1)})`;
}

function shockNotes({ capped }: ShockReport, unaffected: number): string {
  const notes = [
    "A first-order estimate, linear in the shock. Betas are measured from prices where both ends have them; the others are judgements by kind and confidence of the edge, with wide errors.",
    unaffected > 0 && `${unaffected} nodes are not reached.`,
    capped && "The graph has more paths than were followed: effects are incomplete.",
  ];
  return notes.filter(Boolean).join(" ");
}

function shockColumns(
  nodes: ReadonlyMap<string, ValueChainNode>,
  onChoose: (id: string) => void,
): TableColumn<ShockEffect>[] {
  const nameOf = (id: string) => nodes.get(id)?.name ?? id;
  const shortOf = (id: string) => {
    const node = nodes.get(id);
    return node ? shortName(node) : id;
  };
  const path = ({ contributions }: ShockEffect) => contributions[0]?.path.nodeIds.map(shortOf).join(" → ") ?? "";
  return [
    {
      key: "node",
      label: "Node",
      kind: "symbol",
      value: ({ nodeId }) => nameOf(nodeId),
      show: ({ nodeId }) =>
        element("button", { type: "button", class: "link", onclick: () => onChoose(nodeId) }, nameOf(nodeId)),
    },
    {
      key: "effect",
      label: "Effect",
      kind: "number",
      value: ({ effect }) => effect,
      show: ({ effect }) => formatChange(effect),
      className: ({ effect }) => directionClass(effect),
    },
    {
      key: "size",
      label: "Size",
      kind: "number",
      hint: "the effect without its sign",
      value: ({ effect }) => Math.abs(effect),
      show: ({ effect }) => formatShare(Math.abs(effect), 2),
    },
    {
      key: "low",
      label: "Low",
      kind: "number",
      value: ({ low }) => low,
      show: ({ low }) => formatChange(low),
    },
    {
      key: "high",
      label: "High",
      kind: "number",
      value: ({ high }) => high,
      show: ({ high }) => formatChange(high),
    },
    { key: "basis", label: "Betas", kind: "badge", value: ({ basis }) => basis },
    { key: "distance", label: "Steps", kind: "number", value: ({ distance }) => distance },
    {
      key: "paths",
      label: "Paths",
      kind: "number",
      value: ({ contributions }) => contributions.length,
    },
    { key: "path", label: "Strongest path", kind: "prose", value: path },
  ];
}
