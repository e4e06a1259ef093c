import * as Plot from "npm:@observablehq/plot";
import { histogram } from "../../engine/statistics/histogram.js";
import { element } from "../element.js";
import { formatChange, formatCompact, formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import { type ChangePeriod, periodInWords } from "./change-period.js";
import { marketBreadth } from "./market-breadth.js";
import type { SnapshotRow } from "./market-snapshot.js";

const BIN_WIDTHS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25] as const;
const MAX_BINS = 24;
const CHART_HEIGHT = 300;

interface ChangeBin {
  readonly from: number;
  readonly to: number;
  readonly shares: number;
}

/** How broad the move is: shares that rose, stayed and fell, and how far they went. */
export function breadthFigure(shares: readonly SnapshotRow[], period: ChangePeriod, provenance: Provenance): Node {
  if (shares.length === 0) return document.createDocumentFragment();
  const changes = shares.map((share) => share.changes[period]).filter(Number.isFinite);
  const breadth = marketBreadth(shares.map((share) => ({ ...share, change: share.changes[period] })));
  const bins = changeBins(changes);
  const body = element(
    "div",
    {},
    countBar([
      { label: "rose", count: breadth.advancers, className: "gain", mark: "▲" },
      { label: "unchanged", count: breadth.unchanged, className: "flat", mark: "•" },
      { label: "fell", count: breadth.decliners, className: "loss", mark: "▼" },
    ]),
    countBar([
      { label: "above 50-day average", count: breadth.aboveAverage, className: "gain", mark: "▲" },
      { label: "below", count: breadth.withAverage - breadth.aboveAverage, className: "loss", mark: "▼" },
    ]),
    responsive(CHART_HEIGHT, (width) => plotBins(bins, width), `Number of shares by change ${periodInWords(period)}`),
  );
  const counted = Math.max(changes.length, 1);
  return figureFrame({
    title: `${formatShare(breadth.advancers / counted)} of shares rose`,
    subtitle: `number of shares by change ${periodInWords(period)}`,
    body,
    provenance,
    fileName: `breadth-${period}`,
    data: () => ({
      from: bins.map(({ from }) => from),
      to: bins.map(({ to }) => to),
      shares: bins.map(({ shares: count }) => count),
    }),
  });
}

function changeBins(changes: readonly number[]): ChangeBin[] {
  const span = Math.max(...changes, 0) - Math.min(...changes, 0);
  const binWidth = BIN_WIDTHS.find((width) => span / width <= MAX_BINS) ?? span / MAX_BINS;
  const { edges, counts } = histogram(changes, { binWidth });
  return Array.from(counts, (shares, i) => ({ from: edges[i] ?? 0, to: edges[i + 1] ?? 0, shares }));
}

function countBar(parts: readonly { label: string; count: number; className: string; mark: string }[]): HTMLElement {
  return element(
    "div",
    { class: "count-bar" },
    element(
      "div",
      { class: "count-bar-track", "aria-hidden": "true" },
      parts.map(({ count, className }) => element("span", { class: className, style: `flex:${count} 0 0` })),
    ),
    element(
      "div",
      { class: "count-bar-labels" },
      parts.map(({ label, count, className, mark }) =>
        element("span", { class: "number" }, element("b", { class: className }, `${mark} ${count}`), ` ${label}`),
      ),
    ),
  );
}

/** Whether whole percents would name two ticks alike. */
function isNarrow(bins: readonly ChangeBin[]): boolean {
  return (bins.at(-1)?.to ?? 0) - (bins[0]?.from ?? 0) < 0.05;
}

function plotBins(bins: readonly ChangeBin[], width: number): Node {
  return Plot.plot({
    width,
    height: CHART_HEIGHT,
    marginLeft: 28,
    marginRight: 18,
    marginBottom: 24,
    x: {
      label: null,
      tickFormat: (value: number) => formatChange(value, isNarrow(bins) ? 1 : 0),
      ticks: isNarrow(bins) ? 4 : 5,
      tickSize: 0,
    },
    y: { label: null, ticks: 4, tickSize: 0, grid: true, tickFormat: formatCompact },
    style: { fontSize: "11px", background: "none" },
    marks: [
      Plot.rectY(bins, {
        x1: "from",
        x2: "to",
        y: "shares",
        inset: 0.5,
        fill: ({ from }: ChangeBin) => (from < -1e-12 ? "var(--loss)" : "var(--gain)"),
        title: ({ from, to, shares }: ChangeBin) =>
          `${formatChange(from, 1)} to ${formatChange(to, 1)}\n${shares} shares`,
      }),
      Plot.ruleX([0], { stroke: "var(--text)" }),
    ],
  });
}
