import * as Plot from "npm:@observablehq/plot";
import type { PairStudy, StudyLag } from "../../engine/lead-lag/study-pair.js";
import { element } from "../element.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { correctedBand } from "./corrected-band.js";
import { figureKey, LAG_BAR_HALF, lagPlot } from "./lag-plot.js";
import type { ShownStudy } from "./shown-study.js";

const HEIGHT = 300;

/** Correlation by lag: what is new on each side, the raw returns, and both bands. */
export function studyCorrelogram({ study, source, target, provenance }: ShownStudy): HTMLElement {
  const { lags } = study;
  const band = correctedBand(study);
  const tradable = lags.filter(({ lag }) => lag > 0 || study.isLagZeroTradable);
  const strongest = tradable.reduce((best, row) => (size(row) > size(best) ? row : best));
  return figureFrame({
    title:
      size(strongest) > band
        ? `Lag ${strongest.lag} stands out of what chance does among all lags (${formatSigned(strongest.whitened, 3)})`
        : `${study.isLagZeroTradable ? "No lag" : "No later lag"} stands out of what chance does among all lags (largest: ${formatSigned(strongest.whitened, 3)} at ${strongest.lag} d)`,
    subtitle: `correlation of ${target}'s daily return with ${source}'s return so many trading days before`,
    body: element(
      "div",
      {},
      figureKey([
        { mark: "bar", color: "information", label: "what is new: ranks, freed from factors, own past and volatility" },
        { mark: "ring", color: "text", label: "raw returns (Pearson)" },
        { mark: "band", color: "information", label: "95%, one lag" },
        { mark: "dashed", color: "warning", label: `95%, all ${study.tests} tests` },
        ...(study.isLagZeroTradable ? [] : [{ mark: "hollow-bar", color: "muted", label: "not tradable" } as const]),
      ]),
      responsive(HEIGHT, (width) => correlogram(study, band, width), `Correlation of ${source} with ${target} by lag`),
    ),
    provenance,
    fileName: `correlogram-${source}-${target}`,
    data: () => ({
      lag: lags.map(({ lag }) => lag),
      n: lags.map(({ n }) => n),
      whitened: lags.map(({ whitened }) => whitened),
      pearson: lags.map(({ pearson }) => pearson),
      band_one_lag: lags.map(({ n }) => 1.96 / Math.sqrt(n)),
      band_all_tests: lags.map(() => band),
    }),
  });
}

function size({ whitened }: StudyLag): number {
  return Math.abs(whitened);
}

function correlogram({ lags, isLagZeroTradable, test }: PairStudy, band: number, width: number): Node {
  const largest = Math.max(band, ...lags.flatMap(({ whitened, pearson }) => [whitened, pearson].map(Math.abs)));
  const isHollow = ({ lag }: StudyLag) => lag === 0 && !isLagZeroTradable;
  const color = (row: StudyLag) => (size(row) > band ? "var(--information)" : "var(--muted)");
  const single = 1.96 / Math.sqrt(test.rows);
  const ends = [-0.6, (lags.at(-1)?.lag ?? 0) + 0.6];
  const bars = (rows: readonly StudyLag[], hollow: boolean) =>
    Plot.rect(rows, {
      x1: ({ lag }: StudyLag) => lag - LAG_BAR_HALF,
      x2: ({ lag }: StudyLag) => lag + LAG_BAR_HALF,
      y1: 0,
      y2: "whitened",
      fill: hollow ? "none" : color,
      stroke: hollow ? color : "none",
      strokeDasharray: "3 2",
    });
  return Plot.plot({
    ...lagPlot(width, HEIGHT, lags.length - 1),
    y: {
      domain: [-largest * 1.12, largest * 1.12],
      label: null,
      tickSize: 0,
      ticks: 6,
      tickFormat: (value: number) => formatSigned(value, 2),
    },
    marks: [
      Plot.areaY(ends, { x: (end) => end, y1: -single, y2: single, fill: "var(--information)", fillOpacity: 0.14 }),
      Plot.ruleY([-band, band], { stroke: "var(--warning)", strokeDasharray: "4 3" }),
      bars(
        lags.filter((row) => !isHollow(row)),
        false,
      ),
      bars(lags.filter(isHollow), true),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.dot(lags, { x: "lag", y: "pearson", r: 2.5, stroke: "var(--text)", strokeWidth: 1, fill: "var(--panel)" }),
      Plot.tip(
        lags,
        Plot.pointerX({
          x: "lag",
          y: "whitened",
          fill: "var(--background)",
          stroke: "var(--line)",
          title: ({ lag, n, whitened, pearson }: StudyLag) =>
            `Lag ${lag}${lag === 0 && !isLagZeroTradable ? " (not tradable)" : ""}\nwhat is new ${formatSigned(whitened, 4)}\nraw returns ${formatSigned(pearson, 4)}\none lag ±${formatNumber(single, 4)}, all tests ±${formatNumber(band, 4)}\nn = ${n.toLocaleString("en-US")}`,
        }),
      ),
    ],
  });
}
