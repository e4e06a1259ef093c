import * as Plot from "npm:@observablehq/plot";
import { histogram } from "../../engine/statistics/histogram.js";
import { element } from "../element.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import { figureKey } from "./lag-plot.js";
import { isTested, type ScreenRow } from "./screen-row.js";
import { smallPTitle } from "./screen-words.js";

const HEIGHT = 220;
const BIN = 0.05;

/** The p-values of all pairs against the even spread they have when there is nothing. */
export function pValuesFigure(rows: readonly ScreenRow[], provenance: Provenance): HTMLElement {
  const pValues = Float64Array.from(rows.filter(isTested), ({ p }) => p);
  return figureFrame({
    title: smallPTitle(rows),
    subtitle: "pairs by the p-value of their strongest lag, before adjusting for the number of pairs",
    body: element(
      "div",
      {},
      figureKey([
        { mark: "bar", color: "information", label: "pairs" },
        { mark: "dashed", color: "warning", label: "if nothing led anything" },
      ]),
      responsive(HEIGHT, (width) => bars(pValues, width), "Pairs by p-value"),
    ),
    provenance: { ...provenance, rows: pValues.length },
    fileName: "screen-p-values",
    data: () => ({ p: pValues }),
  });
}

function bars(pValues: Float64Array, width: number): Node {
  const { edges, counts } = histogram(pValues, { binWidth: BIN });
  const bins = Array.from(counts, (count, i) => ({ from: edges[i] ?? 0, to: edges[i + 1] ?? 0, count }));
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 44,
    marginRight: 12,
    marginTop: 20,
    marginBottom: 34,
    x: { domain: [0, 1], label: "p-value", labelAnchor: "center", labelArrow: "none", tickSize: 0, ticks: 10 },
    y: { label: "pairs", labelArrow: "none", tickSize: 0, ticks: 4, grid: true },
    style: { fontSize: "11px", background: "none" },
    marks: [
      Plot.rect(bins, { x1: "from", x2: "to", y1: 0, y2: "count", fill: "var(--information)", inset: 0.5 }),
      Plot.ruleY([pValues.length * BIN], { stroke: "var(--warning)", strokeDasharray: "4 3", strokeWidth: 1.5 }),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
    ],
  });
}
