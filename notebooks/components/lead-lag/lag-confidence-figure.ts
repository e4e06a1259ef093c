import * as Plot from "npm:@observablehq/plot";
import type { LagBootstrap } from "../../engine/lead-lag/lag-bootstrap.js";
import { formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { LAG_BAR_HALF, lagPlot } from "./lag-plot.js";
import type { ShownStudy } from "./shown-study.js";

const HEIGHT = 260;

/** How often each lag was strongest when days were drawn again. */
export function lagConfidenceFigure({ study, source, target, provenance }: ShownStudy): HTMLElement {
  const { lags, lagInterval } = study.bootstrap;
  const [first, last] = lagInterval;
  const top = lags[0];
  return figureFrame({
    title:
      first === last
        ? `Lag ${first} is strongest in ${formatShare(top?.share ?? Number.NaN)} of resamples`
        : `The strongest lag could be any of ${first} to ${last}: lag ${top?.lag} wins ${formatShare(top?.share ?? Number.NaN)} of resamples`,
    subtitle: "share of resamples of blocks of days in which a lag was strongest; the band holds 95% of them",
    body: responsive(
      HEIGHT,
      (width) => shares(lags, lagInterval, study.lags.length - 1, width),
      "How often each lag was strongest",
    ),
    provenance,
    fileName: `lag-confidence-${source}-${target}`,
    data: () => ({ lag: lags.map(({ lag }) => lag), share: lags.map(({ share }) => share) }),
  });
}

function shares(
  lags: LagBootstrap["lags"],
  [first, last]: readonly [number, number],
  lastLag: number,
  width: number,
): Node {
  const top = Math.max(...lags.map(({ share }) => share));
  return Plot.plot({
    ...lagPlot(width, HEIGHT, lastLag),
    y: { label: null, tickSize: 0, ticks: 5, grid: true, tickFormat: (value: number) => formatShare(value) },
    marks: [
      Plot.rect([top], {
        x1: first - 0.5,
        x2: last + 0.5,
        y1: 0,
        y2: (share) => share,
        fill: "var(--information)",
        fillOpacity: 0.1,
      }),
      Plot.rect(lags, {
        x1: ({ lag }) => lag - LAG_BAR_HALF,
        x2: ({ lag }) => lag + LAG_BAR_HALF,
        y1: 0,
        y2: "share",
        fill: "var(--information)",
      }),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.tip(
        lags,
        Plot.pointerX({
          x: "lag",
          y: "share",
          fill: "var(--background)",
          stroke: "var(--line)",
          title: ({ lag, share }) => `Lag ${lag}\nstrongest in ${formatShare(share, 1)}`,
        }),
      ),
    ],
  });
}
