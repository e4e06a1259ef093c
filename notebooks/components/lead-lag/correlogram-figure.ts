import * as Plot from "npm:@observablehq/plot";
import type { Alignment } from "../../engine/lead-lag/common-calendar.js";
import type { LagCorrelation, LaggedCorrelations } from "../../engine/lead-lag/lagged-correlation.js";
import { simultaneousBand } from "../../engine/statistics/simultaneous-band.js";
import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import { lagVerdict, verdictSentences, verdictTitle } from "./lag-verdict.js";
import { type StudyOutcome, type StudyPair, sourceClosesLater } from "./lead-lag-study.js";
import { studyRefused } from "./study-refused.js";

const HEIGHT = 300;

/** Correlation at each lag, the band of a single lag, the band for all lags tried, and the verdict. */
export function correlogramFigure(
  pair: StudyPair,
  align: Alignment,
  outcome: StudyOutcome<LaggedCorrelations>,
  provenance: Provenance,
): HTMLElement {
  if (outcome.kind === "refused") return studyRefused(outcome);
  const { lags, n, firstReturnMs, lastReturnMs } = outcome.result;
  const { source, target } = pair;
  const verdict = lagVerdict(lags, { isZeroKnownBefore: align === "as-of" && sourceClosesLater(pair) });
  const days = `${formatDay(firstReturnMs)} to ${formatDay(lastReturnMs)}`;
  return figureFrame({
    title: verdictTitle(verdict, source, target),
    subtitle: `Pearson correlation of daily log returns by lag in trading days; n = ${n.toLocaleString("en-US")} at lag 0, ${days}`,
    body: element(
      "div",
      {},
      responsive(HEIGHT, (width) => correlogram(lags, width), `Correlation of ${source} with ${target} by lag`),
      element("p", { class: "reading" }, verdictSentences(verdict)),
    ),
    provenance: { ...provenance, rows: n },
    fileName: `lead-lag-${source}-${target}`,
    data: () => ({
      lag: lags.map(({ lag }) => lag),
      n: lags.map((row) => row.n),
      pearson: lags.map(({ pearson }) => pearson),
      spearman: lags.map(({ spearman }) => spearman),
      band95: lags.map(({ band95 }) => band95),
      band95_all_lags: lags.map((row) => simultaneousBand({ n: row.n, tests: lags.length })),
    }),
  });
}

function correlogram(lags: readonly LagCorrelation[], width: number): Node {
  const corrected = (row: LagCorrelation) => simultaneousBand({ n: row.n, tests: lags.length });
  const largest = Math.max(...lags.map((row) => Math.max(Math.abs(row.pearson) || 0, corrected(row))));
  const domain = [-largest * 1.15, largest * 1.15];
  const isOutside = (row: LagCorrelation) => Math.abs(row.pearson) > row.band95;
  const labelled = lags.filter((row, at) => isOutside(row) && isPeak(row, lags[at - 1], lags[at + 1]));
  const first = lags[0];
  const barWidth = Math.max(2, Math.min(18, ((width - 96) / lags.length) * 0.62));
  const edges = lags.map((row, index) => ({
    ...row,
    at: index === 0 ? -0.6 : index === lags.length - 1 ? row.lag + 0.6 : row.lag,
  }));
  const label = (text: string, y: number) => ({
    frameAnchor: "right" as const,
    y,
    text: [text],
    dx: 90,
    fill: "var(--muted)",
    textAnchor: "end" as const,
  });
  const hasRoom = width >= 480;
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 48,
    marginRight: hasRoom ? 96 : 8,
    marginTop: 8,
    marginBottom: 36,
    x: {
      domain: [-0.6, (lags.at(-1)?.lag ?? 0) + 0.6],
      label: "lag: trading days by which the source comes first",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 0,
      ticks: Math.min(lags.length, width < 560 ? 6 : 16),
      tickFormat: "d",
    },
    y: { domain, label: null, tickSize: 0, ticks: 6, tickFormat: (value: number) => formatSigned(value, 2) },
    style: { fontSize: "11px", background: "none", overflow: "visible" },
    marks: [
      Plot.areaY(edges, {
        x: "at",
        y1: (row) => -row.band95,
        y2: "band95",
        fill: "var(--information)",
        fillOpacity: 0.14,
      }),
      ...[-1, 1].map((sign) =>
        Plot.lineY(edges, {
          x: "at",
          y: (row) => sign * corrected(row),
          stroke: "var(--warning)",
          strokeDasharray: "4 3",
        }),
      ),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.ruleX(lags, {
        x: "lag",
        y1: 0,
        y2: "pearson",
        stroke: (row: LagCorrelation) => (isOutside(row) ? "var(--information)" : "var(--muted)"),
        strokeWidth: barWidth,
        strokeLinecap: "butt",
        strokeOpacity: (row: LagCorrelation) => (row.lag === 0 ? 0.55 : 1),
      }),
      ...[-1, 1].map((sign) =>
        Plot.text(
          labelled.filter(({ pearson }) => Math.sign(pearson) === sign),
          {
            x: "lag",
            y: "pearson",
            dy: -9 * sign,
            text: ({ pearson }: LagCorrelation) => formatSigned(pearson, 3),
            fill: "var(--text)",
          },
        ),
      ),
      ...(hasRoom && first
        ? [
            Plot.text([0], label("95%, one lag", first.band95 * 0.72)),
            Plot.text([0], { ...label(`95%, ${lags.length} lags`, corrected(first)), fill: "var(--warning)" }),
          ]
        : []),
      Plot.tip(
        lags,
        Plot.pointerX({
          x: "lag",
          y: "pearson",
          fill: "var(--background)",
          stroke: "var(--line)",
          title: (row: LagCorrelation) =>
            `Lag ${row.lag}\nPearson ${formatSigned(row.pearson, 4)}\nSpearman ${formatSigned(row.spearman, 4)}\nband ±${formatNumber(row.band95, 4)}, all lags ±${formatNumber(corrected(row), 4)}\nn = ${row.n.toLocaleString("en-US")}`,
        }),
      ),
    ],
  });
}

/** Larger than its neighbours: of adjacent bars only one has room for its number. */
function isPeak(row: LagCorrelation, before: LagCorrelation | undefined, after: LagCorrelation | undefined): boolean {
  const size = Math.abs(row.pearson);
  return size >= Math.abs(before?.pearson ?? 0) && size > Math.abs(after?.pearson ?? 0);
}
