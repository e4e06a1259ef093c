import * as Plot from "npm:@observablehq/plot";
import type { BoostingByLag } from "../../engine/lead-lag/boosting-by-lag.js";
import { formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import type { ShownStudy } from "./shown-study.js";

const ROW_HEIGHT = 24;

/** What the trees of one lag split on, as shares of all gain. */
export function importanceFigure(
  { source, target, factors, provenance }: ShownStudy,
  { lags, testRows }: BoostingByLag,
  lag: number,
): HTMLElement {
  const importance = lags[lag]?.importance ?? [];
  const named = importance.map(({ feature, share }) => ({
    name: featureName(feature, { source: `${source}, lag ${lag}`, target, factors }),
    share,
    isSource: feature === "source",
  }));
  const rows = [...named].sort((a, b) => b.share - a.share);
  const ownShare = named.find(({ isSource }) => isSource)?.share ?? Number.NaN;
  const height = rows.length * ROW_HEIGHT + 8;
  return figureFrame({
    title:
      lag < lags.length
        ? `${source}'s return takes ${formatShare(ownShare)} of the gain at lag ${lag}; an equal share would be ${formatShare(1 / rows.length)}`
        : `Lag ${lag} is beyond the lags that were studied`,
    subtitle: "share of the gain of all splits in training, by feature; a feature of pure noise has a share too",
    body: responsive(height, (width) => bars(rows, width, height), `Share of gain by feature at lag ${lag}`),
    provenance: { ...provenance, rows: testRows },
    fileName: `importance-${source}-${target}-${lag}`,
    data: () => ({ feature: rows.map(({ name }) => name), share: rows.map(({ share }) => share) }),
  });
}

function featureName(
  feature: string,
  { source, target, factors }: { source: string; target: string; factors: readonly string[] },
): string {
  if (feature === "source") return source;
  return feature.replace(/^target/, target).replace(/^factor (\d+)/, (text, number) => factors[number - 1] ?? text);
}

function bars(
  rows: readonly { readonly name: string; readonly share: number; readonly isSource: boolean }[],
  width: number,
  height: number,
): Node {
  return Plot.plot({
    width,
    height,
    marginLeft: Math.min(168, width * 0.42),
    marginRight: 40,
    marginTop: 2,
    marginBottom: 4,
    x: { axis: null, domain: [0, Math.max(0.01, ...rows.map(({ share }) => share))] },
    y: { label: null, tickSize: 0, domain: rows.map(({ name }) => name) },
    style: { fontSize: "11px", background: "none" },
    marks: [
      Plot.barX(rows, {
        x: "share",
        y: "name",
        fill: ({ isSource }) => (isSource ? "var(--information)" : "var(--muted)"),
        fillOpacity: ({ isSource }) => (isSource ? 1 : 0.5),
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.text(rows, {
        x: "share",
        y: "name",
        text: ({ share }) => formatShare(share),
        textAnchor: "start",
        dx: 4,
        fill: "var(--muted)",
      }),
    ],
  });
}
