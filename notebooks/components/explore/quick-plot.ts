import * as Plot from "npm:@observablehq/plot";
import { formatCompact, formatNumber } from "../format/number-format.js";
import { responsive } from "../responsive.js";
import { type PlotPlan, plotPlan } from "./plot-plan.js";
import type { QueryResult } from "./run-query.js";

const HEIGHT = 260;
const MOST_BARS = 40;
const LINE_COLORS = ["information", "warning", "gain", "loss", "accent", "muted"] as const;

export function quickPlot(result: QueryResult): HTMLElement | undefined {
  const plan = plotPlan(result);
  if (plan.kind === "none") return undefined;
  const label = `${plan.y.name} by ${plan.x.name}`;
  return responsive(HEIGHT, (width) => draw(plan, width), label);
}

function draw(plan: Exclude<PlotPlan, { kind: "none" }>, width: number): Node {
  const isTime = plan.x.kind === "time" || plan.x.kind === "day";
  const points = plan.x.values
    .map((x, row) => ({
      x: isTime ? new Date(Number(x)) : x,
      y: plan.y.values[row] as number | null,
      series: plan.kind === "line" ? String(plan.series?.values[row] ?? "") : "",
    }))
    .filter(({ x, y }) => x !== null && y !== null);
  const shown = plan.kind === "bars" ? points.slice(0, MOST_BARS) : points;
  const series = [...new Set(shown.map((point) => point.series))];
  const title = ({ x, y, series: name }: (typeof points)[number]) =>
    [
      name,
      x instanceof Date ? x.toISOString().slice(0, 19).replace("T", " ") : String(x),
      formatNumber(y ?? Number.NaN, 2),
    ]
      .filter(Boolean)
      .join("\n");
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 52,
    marginRight: series.length > 1 ? 64 : 12,
    marginBottom: plan.kind === "bars" ? 44 : 26,
    style: { fontSize: "11px", background: "none" },
    x: {
      label: null,
      tickSize: 0,
      ...(plan.kind === "bars" && {
        domain: shown.map(({ x }) => x as string),
        tickRotate: shown.length > 8 ? -45 : 0,
      }),
      ...(isTime && { type: "utc" as const }),
    },
    y: {
      label: plan.y.name,
      grid: true,
      ticks: 5,
      tickSize: 0,
      tickFormat: formatCompact,
      nice: true,
      zero: plan.kind === "bars",
    },
    color: { domain: series, range: series.map((_, at) => `var(--${LINE_COLORS[at % LINE_COLORS.length]})`) },
    marks:
      plan.kind === "bars"
        ? [
            Plot.barY(shown, { x: "x", y: "y", fill: "var(--information)", title }),
            Plot.ruleY([0], { stroke: "var(--text)" }),
          ]
        : plan.kind === "line"
          ? [
              Plot.lineY(shown, { x: "x", y: "y", stroke: "series", strokeWidth: 1.5 }),
              Plot.text(
                shown,
                Plot.selectLast({
                  x: "x",
                  y: "y",
                  z: "series",
                  text: "series",
                  dx: 6,
                  textAnchor: "start",
                  fill: "series",
                }),
              ),
              Plot.tip(
                shown,
                Plot.pointerX({ x: "x", y: "y", title, fill: "var(--background)", stroke: "var(--line)" }),
              ),
            ]
          : [Plot.dot(shown, { x: "x", y: "y", r: 2, fill: "var(--information)", fillOpacity: 0.6, title })],
  });
}
