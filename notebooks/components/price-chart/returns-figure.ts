import * as Plot from "npm:@observablehq/plot";
import { histogram, normalDensity } from "../../engine/statistics/histogram.js";
import { formatChange, formatCompact, formatNumber, formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import { type ReturnStatistics, shareBeyond } from "./return-statistics.js";

const HEIGHT = 240;
const BIN_WIDTHS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05] as const;
const MAX_BINS = 60;
const NORMAL_SHARE_BEYOND_3 = 0.0027;

/** Daily log returns against the normal distribution with the same mean and spread. */
export function returnsFigure(statistics: ReturnStatistics, inWords: string, provenance: Provenance): Node {
  const { returns, days, dailyMean, dailyStdDev } = statistics;
  if (days < 20) return document.createDocumentFragment();
  const known = returns.filter(Number.isFinite);
  const span = Math.max(...known) - Math.min(...known);
  const binWidth = BIN_WIDTHS.find((width) => span / width <= MAX_BINS) ?? span / MAX_BINS;
  const { edges, counts } = histogram(known, { binWidth });
  const bins = Array.from(counts, (days, i) => ({ from: edges[i] ?? 0, to: edges[i + 1] ?? 0, days }));
  const normal = Array.from(edges, (edge) => edge + binWidth / 2).map((x) => ({
    x,
    days: known.length * binWidth * normalDensity(x, { mean: dailyMean, stdDev: dailyStdDev }),
  }));
  const beyond = shareBeyond(statistics, 3);
  const tails = beyond / NORMAL_SHARE_BEYOND_3;
  return figureFrame({
    title: `Days beyond 3σ: ${formatShare(beyond, 1)}, ${tails >= 1.5 ? `${formatNumber(tails, 1)}× what normal returns would give` : "about what normal returns would give"}`,
    subtitle: `daily log returns, number of days, ${inWords}; line: normal with the same mean and spread`,
    body: responsive(
      HEIGHT,
      (width) =>
        Plot.plot({
          width,
          height: HEIGHT,
          marginLeft: 32,
          marginRight: 18,
          marginTop: 8,
          marginBottom: 24,
          x: { label: null, ticks: 6, tickSize: 0, tickFormat: (value: number) => formatChange(value, 0) },
          y: { label: null, ticks: 4, tickSize: 0, grid: true, tickFormat: formatCompact },
          style: { fontSize: "11px", background: "none" },
          marks: [
            Plot.rectY(bins, {
              x1: "from",
              x2: "to",
              y: "days",
              inset: 0.5,
              fill: ({ from }: { from: number }) => (from < -1e-12 ? "var(--loss)" : "var(--gain)"),
              title: ({ from, to, days }: { from: number; to: number; days: number }) =>
                `${formatChange(from)} to ${formatChange(to)}\n${days} days`,
            }),
            Plot.lineY(normal, { x: "x", y: "days", stroke: "var(--text)", strokeWidth: 1.5, curve: "natural" }),
            Plot.ruleY([0], { stroke: "var(--line)" }),
          ],
        }),
      `Number of days by daily log return, ${inWords}`,
    ),
    provenance,
    fileName: "returns",
    data: () => ({
      from: bins.map(({ from }) => from),
      to: bins.map(({ to }) => to),
      days: bins.map(({ days }) => days),
    }),
  });
}
