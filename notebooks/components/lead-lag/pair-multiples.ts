import * as Plot from "npm:@observablehq/plot";
import type { VerdictKind } from "../../engine/lead-lag/study-verdict.js";
import { element } from "../element.js";
import { formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import { LAG_BAR_HALF } from "./lag-plot.js";
import { verdictBadge } from "./verdict-badge.js";

const HEIGHT = 120;

/** One small correlogram. */
export interface SmallCorrelogram {
  readonly source: string;
  readonly target: string;
  readonly verdict: VerdictKind;
  readonly label: string;
  readonly correlations: readonly number[];
  readonly band: number;
  readonly href: string;
  readonly note: string;
}

/** Correlograms of several pairs on one scale, each a link to its study. */
export function pairMultiples(
  pairs: readonly SmallCorrelogram[],
  {
    title,
    subtitle,
    provenance,
    fileName,
  }: { title: string; subtitle: string; provenance: Provenance; fileName: string },
): HTMLElement {
  const largest = Math.max(...pairs.flatMap(scaledSizes));
  return figureFrame({
    title,
    subtitle,
    hasPicture: false,
    body: element(
      "div",
      { class: "pair-multiples" },
      pairs.map((pair) =>
        element(
          "a",
          { class: "pair-multiple", href: pair.href },
          element("strong", {}, `${pair.source} → ${pair.target}`),
          verdictBadge(pair.verdict, pair.label),
          responsive(
            HEIGHT,
            (width) => smallCorrelogram(pair, largest, width),
            `Correlation of ${pair.source} with ${pair.target} by lag`,
          ),
          element("span", { class: "muted" }, pair.note),
        ),
      ),
    ),
    provenance,
    fileName,
    data: () => ({
      source: pairs.flatMap(({ source, correlations }) => correlations.map(() => source)),
      target: pairs.flatMap(({ target, correlations }) => correlations.map(() => target)),
      lag: pairs.flatMap(({ correlations }) => correlations.map((_, lag) => lag)),
      correlation: pairs.flatMap(({ correlations }) => correlations),
    }),
  });
}

/** What the common scale must hold: a same-day move that is no lead may be cut off, or it would flatten all else. */
function scaledSizes({ correlations, band, verdict }: SmallCorrelogram): number[] {
  return [band, ...correlations.slice(verdict === "lead-found" ? 0 : 1).map(Math.abs)];
}

function smallCorrelogram({ correlations, band }: SmallCorrelogram, largest: number, width: number): Node {
  const rows = correlations.map((correlation, lag) => ({ lag, correlation }));
  const color = ({ correlation }: { correlation: number }) =>
    Math.abs(correlation) > band ? "var(--information)" : "var(--muted)";
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 36,
    marginRight: 4,
    marginTop: 6,
    marginBottom: 18,
    x: { domain: [-0.6, correlations.length - 0.4], label: null, tickSize: 0, ticks: 4, tickFormat: "d" },
    y: {
      domain: [-largest * 1.05, largest * 1.05],
      label: null,
      tickSize: 0,
      ticks: 3,
      tickFormat: (value: number) => formatSigned(value, 1),
    },
    style: { fontSize: "10px", background: "none" },
    marks: [
      Plot.ruleY([-band, band], { stroke: "var(--warning)", strokeDasharray: "3 3" }),
      Plot.rect(rows, {
        x1: ({ lag }) => lag - LAG_BAR_HALF,
        x2: ({ lag }) => lag + LAG_BAR_HALF,
        y1: 0,
        y2: "correlation",
        fill: color,
        clip: true,
      }),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
    ],
  });
}
