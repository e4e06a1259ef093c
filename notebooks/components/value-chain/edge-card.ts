import type { MeasuredEdgeBeta } from "../../engine/value-chain/edge-beta.js";
import type { ValueChainEdge, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { element } from "../element.js";
import { directionClass, formatNumber, formatSigned } from "../format/number-format.js";
import { CONFIDENCE_LABELS, EDGE_KIND_LABELS, signInWords } from "./chain-words.js";
import type { MeasuredLead } from "./measured-lead.js";

/** Everything that is known of an edge. */
export interface EdgeFacts {
  readonly edge: ValueChainEdge;
  readonly source: ValueChainNode | undefined;
  readonly target: ValueChainNode | undefined;
  readonly beta: MeasuredEdgeBeta | undefined;
  readonly lead: MeasuredLead | undefined;
  /** Whether both ends have prices, so that a measurement is possible at all. */
  readonly hasPrices: boolean;
}

/** `+0.31 ± 0.12 (n 2,480)`, half-width of the 95% interval, and whether that contradicts the edge; or why there is none. */
export function betaInWords({ edge, beta, hasPrices }: Pick<EdgeFacts, "edge" | "beta" | "hasPrices">): string {
  if (!beta) return hasPrices ? "not measured" : "not measured: no prices";
  const half = 1.96 * beta.standardError;
  const isAgainst = edge.sign * beta.beta < 0 && Math.abs(beta.beta) > half;
  const count = `n ${formatNumber(beta.n, 0)}`;
  return `${formatSigned(beta.beta)} ± ${formatNumber(half)} (${count})${isAgainst ? ", against the stated sign" : ""}`;
}

/** `leads by 5 days (IC +0.06, q 0.012)`; or that there is no lead, or that nobody looked. */
export function leadInWords({ lead, hasPrices }: Pick<EdgeFacts, "lead" | "hasPrices">): string {
  if (!lead) return hasPrices ? "not measured" : "not measured: no prices";
  const measures = [
    Number.isFinite(lead.ic) && `IC ${formatSigned(lead.ic)}`,
    Number.isFinite(lead.q) && `q ${lead.q < 0.001 ? "< 0.001" : formatNumber(lead.q, 3)}`,
  ].filter(Boolean);
  const evidence = measures.length > 0 ? ` (${measures.join(", ")})` : "";
  switch (lead.verdict) {
    case "lead-found":
      return `leads by ${lead.lag} ${lead.lag === 1 ? "day" : "days"}${evidence}`;
    case "not-tradable":
      return `moves on the same day only${evidence}`;
    case "no-lead-found":
      return `no lead found${evidence}`;
    case "insufficient-data":
      return "too little data for a test";
  }
}

/** The facts of an edge as a list of names and values. */
export function edgeFactList(facts: EdgeFacts): HTMLElement {
  const { edge } = facts;
  const validity = [edge.validFrom && `from ${edge.validFrom}`, edge.validTo && `to ${edge.validTo}`].filter(Boolean);
  const rows: readonly (readonly [string, string | HTMLElement])[] = [
    ["Kind", EDGE_KIND_LABELS[edge.kind]],
    ["Sign", element("span", { class: directionClass(edge.sign) }, signInWords(edge.sign))],
    ["Confidence", CONFIDENCE_LABELS[edge.confidence]],
    ["Measured beta", betaInWords(facts)],
    ["Lead-lag", leadInWords(facts)],
    ["Holds", validity.length > 0 ? validity.join(" ") : "no limit stated"],
    ["Source", [edge.source, edge.sourceDate].filter(Boolean).join(", ")],
  ];
  return element(
    "dl",
    { class: "chain-facts" },
    rows.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
  );
}

/** An edge seen from one of its ends: where it leads, why, and how sure that is. */
export function edgeCard(facts: EdgeFacts, other: ValueChainNode | undefined, onChoose: (id: string) => void) {
  const { edge, beta } = facts;
  const sign = element("span", { class: directionClass(edge.sign), title: signInWords(edge.sign) }, mark(edge.sign));
  return element(
    "li",
    { class: "chain-card" },
    element(
      "div",
      { class: "chain-card-head" },
      sign,
      element("button", { type: "button", onclick: () => onChoose(other?.id ?? "") }, other?.name ?? "?"),
      element("span", { class: "number muted" }, beta ? `β ${formatSigned(beta.beta)}` : ""),
    ),
    element("p", {}, edge.rationale),
    element(
      "p",
      { class: "muted" },
      `${CONFIDENCE_LABELS[edge.confidence]} confidence · beta ${betaInWords(facts)} · lead-lag ${leadInWords(facts)} · `,
      [edge.source, edge.sourceDate].filter(Boolean).join(", "),
      " · ",
      element("button", { type: "button", onclick: () => onChoose(edge.id) }, "Open edge"),
    ),
  );
}

function mark(sign: -1 | 0 | 1): string {
  return signInWords(sign).charAt(0);
}
