import { FINDING_MEANINGS, severityRank } from "../data-quality/finding-meaning.js";
import type { QualityFinding } from "../data-quality/quality-findings.js";
import { severityBadge } from "../data-quality/severity-badge.js";
import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";

/** What the checks found in one symbol's rows, gravest first: what the figures of its page rest on. */
export function symbolFindings(symbol: string, all: readonly QualityFinding[], provenance: Provenance): HTMLElement {
  const findings = all
    .filter((finding) => finding.symbol === symbol)
    .sort((a, b) => severityRank(a.severity) - severityRank(b.severity) || b.count - a.count);
  return figureFrame({
    title: findings.length === 0 ? "No quality findings" : `Quality findings: ${findings.length}`,
    subtitle: "what the checks at import found; nothing is repaired silently",
    body:
      findings.length === 0
        ? element(
            "p",
            { class: "muted" },
            "No row of this symbol failed a check for gaps, jumps, splits, units or candle shape.",
          )
        : element("ol", { class: "finding-list", tabindex: "0" }, findings.map(findingItem)),
    provenance: { ...provenance, rows: findings.length },
    fileName: `findings-${symbol}`,
    hasPicture: false,
    data: () => ({
      kind: findings.map(({ kind }) => kind),
      severity: findings.map(({ severity }) => severity),
      from: findings.map(({ fromMs }) => formatDay(fromMs)),
      to: findings.map(({ toMs }) => formatDay(toMs)),
      rows: findings.map(({ count }) => count),
      message: findings.map(({ message }) => message),
    }),
  });
}

function findingItem({ kind, severity, fromMs, toMs, message }: QualityFinding): HTMLElement {
  const days = fromMs === toMs ? formatDay(fromMs) : `${formatDay(fromMs)} to ${formatDay(toMs)}`;
  const meaning = FINDING_MEANINGS[kind];
  return element(
    "li",
    {},
    element(
      "div",
      { class: "finding-head" },
      severityBadge(severity),
      element("b", { title: meaning?.meaning }, meaning?.label ?? kind),
      element("span", { class: "muted number" }, days),
    ),
    element("div", {}, message),
  );
}
