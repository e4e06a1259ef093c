import type * as Plot from "npm:@observablehq/plot";
import { element } from "../element.js";

/** What all figures over lags share: the same margins, so that lags stand above one another. */
export function lagPlot(width: number, height: number, lastLag: number): Plot.PlotOptions {
  return {
    width,
    height,
    marginLeft: 52,
    marginRight: 12,
    marginTop: 10,
    marginBottom: 34,
    x: {
      domain: [-0.6, lastLag + 0.6],
      label: "lag: trading days by which the source comes first",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 0,
      ticks: Math.min(lastLag + 1, width < 560 ? 6 : 16),
      tickFormat: "d",
    },
    style: { fontSize: "11px", background: "none", overflow: "visible" },
  };
}

/** Half the width of a bar, in lags. */
export const LAG_BAR_HALF = 0.31;

export interface KeyEntry {
  readonly mark: "bar" | "hollow-bar" | "line" | "dashed" | "dot" | "ring" | "band";
  readonly color: string;
  readonly label: string;
}

/** What the marks of a figure mean, above it in one line. */
export function figureKey(entries: readonly KeyEntry[]): HTMLElement {
  return element(
    "p",
    { class: "figure-key" },
    entries.map(({ mark, color, label }) =>
      element("span", {}, element("i", { class: `key-${mark}`, style: `--key-color:var(--${color})` }), label),
    ),
  );
}
