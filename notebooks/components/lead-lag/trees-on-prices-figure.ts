import * as Plot from "npm:@observablehq/plot";
import { quantile } from "../../engine/statistics/quantiles.js";
import { element } from "../element.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { figureKey } from "./lag-plot.js";
import type { TreeScores } from "./misleading-methods.js";
import { PLANTED_LAG, type SimulationSettings } from "./simulated-pairs.js";
import { SIMULATION_HEIGHT, simulationPlot, simulationProvenance } from "./simulation-plot.js";

/** In-sample R² on prices against out-of-sample R² on returns. */
export function treesFigure(scores: readonly TreeScores[], settings: SimulationSettings): HTMLElement {
  const medianOf = (isRelated: boolean, field: "levelsInSample" | "returnsOutOfSample") =>
    quantile(
      scores.filter((score) => score.isRelated === isRelated).map((score) => score[field]),
      0.5,
    );
  const [unrelated, related] = [medianOf(false, "levelsInSample"), medianOf(true, "levelsInSample")];
  const areAlike = Math.abs(related - unrelated) < 0.1;
  const rows = scores.flatMap(({ isRelated, levelsInSample, returnsOutOfSample }) => [
    { group: `prices, in sample`, isRelated, r2: levelsInSample },
    { group: `returns, out of sample`, isRelated, r2: returnsOutOfSample },
  ]);
  return figureFrame({
    title: `Trees on prices: median R² ${formatNumber(unrelated, 2)} on unrelated pairs, ${formatNumber(related, 2)} on related ones${areAlike ? ": it does not tell them apart" : ""}`,
    subtitle: `R² of boosted trees on the source ${PLANTED_LAG} days before; on returns out of sample the medians are ${formatSigned(medianOf(false, "returnsOutOfSample"), 3)} and ${formatSigned(medianOf(true, "returnsOutOfSample"), 3)}, where below zero is worse than the mean`,
    body: element(
      "div",
      {},
      figureKey([
        { mark: "ring", color: "muted", label: "unrelated pairs" },
        {
          mark: "dot",
          color: "information",
          label: `related by ${formatNumber(settings.correlation, 2)} at lag ${PLANTED_LAG}`,
        },
      ]),
      responsive(
        SIMULATION_HEIGHT,
        (width) =>
          Plot.plot({
            ...simulationPlot(width),
            marginLeft: 8,
            marginTop: 4,
            x: { label: "R²", labelAnchor: "center", labelArrow: "none", tickSize: 0, grid: true },
            y: { domain: [false, true], axis: null },
            fy: { label: null, axis: null, domain: ["prices, in sample", "returns, out of sample"] },
            marks: [
              Plot.ruleX([0], { stroke: "var(--muted)" }),
              Plot.text(["prices, in sample", "returns, out of sample"], {
                fy: (group) => group,
                text: (group) => group,
                frameAnchor: "top-left",
                dy: 2,
                fill: "var(--text)",
              }),
              Plot.dot(rows, {
                x: "r2",
                y: "isRelated",
                fy: "group",
                r: 4,
                stroke: ({ isRelated }) => (isRelated ? "var(--information)" : "var(--muted)"),
                fill: ({ isRelated }) => (isRelated ? "var(--information)" : "none"),
                fillOpacity: 0.5,
              }),
            ],
          }),
        "R² of trees on prices in sample, and on returns out of sample",
      ),
    ),
    provenance: simulationProvenance(settings, scores.length),
    fileName: "trees-on-prices",
    data: () => ({
      related: scores.map(({ isRelated }) => String(isRelated)),
      prices_in_sample: scores.map(({ levelsInSample }) => levelsInSample),
      returns_out_of_sample: scores.map(({ returnsOutOfSample }) => returnsOutOfSample),
    }),
  });
}
