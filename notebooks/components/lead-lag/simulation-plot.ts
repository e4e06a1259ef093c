import * as Plot from "npm:@observablehq/plot";
import { histogram } from "../../engine/statistics/histogram.js";
import type { Provenance } from "../frame/provenance.js";
import type { SimulationSettings } from "./simulated-pairs.js";

export const SIMULATION_HEIGHT = 240;

/** What the figures of simulations share. */
export function simulationPlot(width: number): Plot.PlotOptions {
  return {
    width,
    height: SIMULATION_HEIGHT,
    marginLeft: 44,
    marginRight: 12,
    marginTop: 20,
    marginBottom: 36,
    style: { fontSize: "11px", background: "none" },
  };
}

/** A histogram as bars. */
export function histogramBars(values: Float64Array, color: string, binWidth?: number): Plot.Markish {
  const { edges, counts } = histogram(values, binWidth === undefined ? { binCount: 40 } : { binWidth });
  const bins = Array.from(counts, (count, i) => ({ from: edges[i] ?? 0, to: edges[i + 1] ?? 0, count }));
  return Plot.rect(bins, {
    x1: "from",
    x2: "to",
    y1: 0,
    y2: "count",
    fill: `var(--${color})`,
    fillOpacity: 0.75,
    inset: 0.5,
  });
}

/** No data at all: how the numbers can be had again. */
export function simulationProvenance({ days, seed }: SimulationSettings, rows: number): Provenance {
  const source = `computed in this page: normal returns of ${days.toLocaleString("en-US")} days; seed ${seed}`;
  return { source, asOf: "", rows, dataset: "market", excluded: "" };
}
