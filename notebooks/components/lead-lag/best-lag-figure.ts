import * as Plot from "npm:@observablehq/plot";
import { element } from "../element.js";
import { formatNumber, formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { figureKey } from "./lag-plot.js";
import type { BestLags } from "./misleading-methods.js";
import { LAST_LAG, type SimulationSettings } from "./simulated-pairs.js";
import { histogramBars, SIMULATION_HEIGHT, simulationPlot, simulationProvenance } from "./simulation-plot.js";

/** The best of 31 lags of noise, against the band that is right for one. */
export function bestLagFigure(best: BestLags, settings: SimulationSettings): HTMLElement {
  const { largest, oneLagBand, allLagsBand, beyondOneLag, beyondAllLags } = best;
  return figureFrame({
    title: `The best of ${LAST_LAG + 1} lags of pure noise looks significant in ${formatShare(beyondOneLag)} of pairs`,
    subtitle: `largest |correlation| over lags 0 to ${LAST_LAG} of ${largest.length} unrelated pairs of returns; the band that pays for all lags is left by ${formatShare(beyondAllLags, 1)}, 5% being expected`,
    body: element(
      "div",
      {},
      figureKey([
        { mark: "line", color: "loss", label: `95%, one lag: ${formatNumber(oneLagBand, 3)}` },
        { mark: "dashed", color: "warning", label: `95%, all lags: ${formatNumber(allLagsBand, 3)}` },
      ]),
      responsive(
        SIMULATION_HEIGHT,
        (width) =>
          Plot.plot({
            ...simulationPlot(width),
            x: { label: "largest |correlation|", labelAnchor: "center", labelArrow: "none", tickSize: 0, ticks: 8 },
            y: { label: "pairs", labelArrow: "none", tickSize: 0, ticks: 4, grid: true },
            marks: [
              histogramBars(largest, "information"),
              Plot.ruleX([oneLagBand], { stroke: "var(--loss)", strokeWidth: 2 }),
              Plot.ruleX([allLagsBand], { stroke: "var(--warning)", strokeWidth: 2, strokeDasharray: "4 3" }),
              Plot.ruleY([0], { stroke: "var(--muted)" }),
            ],
          }),
        "Largest correlation of unrelated pairs",
      ),
    ),
    provenance: simulationProvenance(settings, largest.length),
    fileName: "best-lag-of-noise",
    data: () => ({ largest }),
  });
}
