import type { LeadLagVerdict, VerdictKind } from "../../engine/lead-lag/study-verdict.js";
import { element, svgElement } from "../element.js";

export const VERDICT_LABELS: Readonly<Record<VerdictKind, string>> = {
  "lead-found": "Lead found",
  "not-tradable": "Same day only",
  "no-lead-found": "No lead found",
  "insufficient-data": "Not studied",
};

/** The finding in two or three words; a lead that did not hold on later days says so. */
export function verdictLabel(verdict: LeadLagVerdict): string {
  return verdict.kind === "lead-found" && !verdict.isConfirmed ? "Lead, not confirmed" : VERDICT_LABELS[verdict.kind];
}

/** Shapes on a 16 × 16 field: one after the other, side by side, nothing, a gap. */
const SHAPES: Readonly<Record<VerdictKind, string>> = {
  "lead-found": "M1 4h6M1 12h13M11 9l3 3l-3 3M7 2v4",
  "not-tradable": "M5 2v12M11 2v12",
  "no-lead-found": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM4.5 8h7",
  "insufficient-data": "M2 2h3M11 2h3v3M14 11v3h-3M5 14H2v-3M2 5V2",
};

/** What a study found, told apart by shape and word as well as by colour. */
export function verdictBadge(kind: VerdictKind, label: string = VERDICT_LABELS[kind]): HTMLElement {
  return element("span", { class: `verdict-badge verdict-${kind}` }, verdictShape(kind), label);
}

export function verdictShape(kind: VerdictKind, size = 12): SVGSVGElement {
  const line = svgElement("path", {
    d: SHAPES[kind],
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.75,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
  return svgElement("svg", { width: size, height: size, viewBox: "0 0 16 16", "aria-hidden": "true" }, line);
}
