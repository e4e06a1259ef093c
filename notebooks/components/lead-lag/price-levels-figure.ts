import * as Plot from "npm:@observablehq/plot";
import { element } from "../element.js";
import { formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { figureKey } from "./lag-plot.js";
import type { PriceLevels } from "./misleading-methods.js";
import type { SimulationSettings } from "./simulated-pairs.js";
import { histogramBars, SIMULATION_HEIGHT, simulationPlot, simulationProvenance } from "./simulation-plot.js";

const EXAMPLE_HEIGHT = 150;

/** Prices of unrelated pairs correlate; their returns do not. */
export function levelsFigure({ levels, returns, example }: PriceLevels, settings: SimulationSettings): HTMLElement {
  const strong = (values: Float64Array) => values.filter((value) => Math.abs(value) > 0.5).length / values.length;
  return figureFrame({
    title: `Prices of unrelated series: ${formatShare(strong(levels))} of pairs correlate by more than 0.5, of their returns ${formatShare(strong(returns))}`,
    subtitle: `correlation of ${levels.length} pairs of independent random walks of ${settings.days.toLocaleString("en-US")} days; above, the two prices that look most alike`,
    body: element(
      "div",
      {},
      responsive(EXAMPLE_HEIGHT, (width) => exampleLines(example, width), "Two unrelated prices that look alike"),
      figureKey([
        { mark: "bar", color: "warning", label: "prices" },
        { mark: "bar", color: "information", label: "returns of the same pairs" },
      ]),
      responsive(
        SIMULATION_HEIGHT,
        (width) => twoHistograms(levels, returns, width),
        "Correlations of prices and of returns",
      ),
    ),
    provenance: simulationProvenance(settings, levels.length),
    fileName: "unrelated-price-levels",
    data: () => ({ prices: levels, returns }),
  });
}

function exampleLines({ source, target }: PriceLevels["example"], width: number): Node {
  const lines = [source, target].flatMap((values, which) =>
    Array.from(overOwnRange(values), (value, day) => ({ day, value, which })),
  );
  return Plot.plot({
    ...simulationPlot(width),
    height: EXAMPLE_HEIGHT,
    marginBottom: 18,
    x: { label: null, tickSize: 0, ticks: 6 },
    y: { axis: null },
    marks: [
      Plot.lineY(lines, {
        x: "day",
        y: "value",
        z: "which",
        stroke: ({ which }) => (which === 0 ? "var(--warning)" : "var(--text)"),
        strokeWidth: 1.25,
      }),
    ],
  });
}

/** A line over its own range, as charts with two axes show it. */
function overOwnRange(values: Float64Array): Float64Array {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (value - low) / (high - low || 1));
}

function twoHistograms(levels: Float64Array, returns: Float64Array, width: number): Node {
  return Plot.plot({
    ...simulationPlot(width),
    x: { domain: [-1, 1], label: "correlation", labelAnchor: "center", labelArrow: "none", tickSize: 0, ticks: 8 },
    y: { label: "pairs", labelArrow: "none", tickSize: 0, ticks: 4, grid: true },
    marks: [
      histogramBars(returns, "information", 0.05),
      histogramBars(levels, "warning", 0.05),
      Plot.ruleX([0], { stroke: "var(--muted)" }),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
    ],
  });
}
