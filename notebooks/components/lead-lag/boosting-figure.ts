import * as Plot from "npm:@observablehq/plot";
import type { BoostingByLag, ForecastScore, LagForecast } from "../../engine/lead-lag/boosting-by-lag.js";
import { element } from "../element.js";
import { formatChange, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { boostingTitle, forecastBand } from "./boosting-words.js";
import { figureKey, LAG_BAR_HALF, lagPlot } from "./lag-plot.js";
import type { ShownStudy } from "./shown-study.js";

const HEIGHT = 230;

interface Panel {
  readonly score: keyof ForecastScore;
  readonly name: string;
  readonly format: (value: number) => string;
  /** Half-width of what forecasts without skill do at all lags; `undefined` where it is not known. */
  readonly band: number | undefined;
}

/** R² and IC of forecasts of days the models had not seen, by the lag of the source they were given. */
export function boostingFigure(
  { study, source, target, provenance }: ShownStudy,
  boosting: BoostingByLag,
): HTMLElement {
  const { lags, folds, testRows, parameters } = boosting;
  const panels: Panel[] = [
    { score: "r2", name: "R²", format: (value) => formatChange(value, 1), band: undefined },
    { score: "ic", name: "IC", format: (value) => formatSigned(value, 2), band: forecastBand(boosting) },
  ];
  return figureFrame({
    title: boostingTitle(boosting, study.isLagZeroTradable, target),
    subtitle: `out-of-sample R² and rank correlation (IC) of the next return; ${parameters.rounds} trees of depth ${parameters.maxDepth} on ${source}'s return of one lag and ${target}'s past, ${folds} expanding folds`,
    body: element(
      "div",
      {},
      figureKey([
        { mark: "bar", color: "information", label: "boosted trees with the source" },
        { mark: "line", color: "accent", label: "linear model, same features" },
        { mark: "dashed", color: "warning", label: "trees without the source" },
        ...(study.isLagZeroTradable
          ? []
          : [{ mark: "hollow-bar", color: "information", label: "not tradable" } as const]),
        { mark: "band", color: "muted", label: "95% without skill, all lags" },
      ]),
      element(
        "div",
        { class: "forecast-panels" },
        panels.map((panel) =>
          responsive(
            HEIGHT,
            (width) => forecastPanel(boosting, panel, study.isLagZeroTradable, width),
            `${panel.name} out of sample by lag`,
          ),
        ),
      ),
    ),
    provenance: { ...provenance, rows: testRows },
    fileName: `boosting-${source}-${target}`,
    data: () => ({
      lag: lags.map(({ lag }) => lag),
      r2: lags.map(({ r2 }) => r2),
      ic: lags.map(({ ic }) => ic),
      linear_r2: lags.map(({ linear }) => linear.r2),
      linear_ic: lags.map(({ linear }) => linear.ic),
      controls_r2: lags.map(() => boosting.controls.r2),
      controls_ic: lags.map(() => boosting.controls.ic),
    }),
  });
}

function forecastPanel(
  { lags, controls }: BoostingByLag,
  { score, name, format, band }: Panel,
  isLagZeroTradable: boolean,
  width: number,
): Node {
  const hollow = (row: LagForecast) => row.lag === 0 && !isLagZeroTradable;
  const bars = (rows: readonly LagForecast[], isHollow: boolean) =>
    Plot.rect(rows, {
      x1: ({ lag }: LagForecast) => lag - LAG_BAR_HALF,
      x2: ({ lag }: LagForecast) => lag + LAG_BAR_HALF,
      y1: 0,
      y2: score,
      fill: isHollow ? "none" : "var(--information)",
      stroke: isHollow ? "var(--information)" : "none",
      strokeDasharray: "3 2",
    });
  const ends = [-0.6, lags.length - 0.4];
  return Plot.plot({
    ...lagPlot(width, HEIGHT, lags.length - 1),
    marginTop: 22,
    y: {
      label: `${name} out of sample`,
      labelArrow: "none",
      labelAnchor: "top",
      tickSize: 0,
      ticks: 5,
      grid: true,
      tickFormat: format,
    },
    marks: [
      band === undefined
        ? null
        : Plot.areaY(ends, { x: (end) => end, y1: -band, y2: band, fill: "var(--muted)", fillOpacity: 0.14 }),
      bars(
        lags.filter((row) => !hollow(row)),
        false,
      ),
      bars(lags.filter(hollow), true),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.ruleY([controls[score]], { stroke: "var(--warning)", strokeDasharray: "4 3" }),
      Plot.lineY(lags, {
        x: "lag",
        y: ({ linear }: LagForecast) => linear[score],
        stroke: "var(--accent)",
        strokeWidth: 1.5,
      }),
      Plot.tip(
        lags,
        Plot.pointerX({
          x: "lag",
          y: score,
          fill: "var(--background)",
          stroke: "var(--line)",
          title: (row: LagForecast) =>
            `Lag ${row.lag}${hollow(row) ? " (not tradable)" : ""}\ntrees ${format(row[score])}\nlinear ${format(row.linear[score])}\nwithout the source ${format(controls[score])}`,
        }),
      ),
    ],
  });
}
