import * as Plot from "npm:@observablehq/plot";
import { drawdown } from "../../engine/market-data/drawdown.js";
import { formatDay } from "../format/date-format.js";
import { formatChange } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import type { PriceHistory } from "./price-history.js";
import type { ReturnStatistics } from "./return-statistics.js";

const HEIGHT = 240;

interface Depth {
  readonly day: Date;
  readonly depth: number;
}

/** How far the close stood below its highest so far. */
export function drawdownFigure(
  history: PriceHistory,
  { deepestFall }: ReturnStatistics,
  inWords: string,
  provenance: Provenance,
): Node {
  const depths = drawdown(history.close);
  const line = Array.from(depths, (depth, row): Depth => ({ day: new Date(history.dayMs[row] ?? 0), depth }));
  const now = depths.findLast(Number.isFinite) ?? Number.NaN;
  if (!deepestFall) return document.createDocumentFragment();
  const deepest = [{ day: new Date(deepestFall.toMs), depth: deepestFall.depth }];
  return figureFrame({
    title: now === 0 ? "At its high" : `${formatChange(now, 1).replace("−", "")} below its high now`,
    subtitle: `close against its highest so far in ${inWords}`,
    body: responsive(
      HEIGHT,
      (width) =>
        Plot.plot({
          width,
          height: HEIGHT,
          marginLeft: 44,
          marginRight: 12,
          marginTop: 8,
          marginBottom: 32,
          x: { type: "utc", label: null, tickSize: 0, ticks: Math.max(2, Math.floor(width / 90)) },
          y: {
            label: null,
            ticks: 4,
            tickSize: 0,
            grid: true,
            domain: [Math.min(deepestFall.depth * 1.18, -0.01), 0],
            tickFormat: (value: number) => formatChange(value, 0),
          },
          style: { fontSize: "11px", background: "none" },
          marks: [
            Plot.areaY(line, { x: "day", y: "depth", fill: "var(--loss)", fillOpacity: 0.2 }),
            Plot.lineY(line, { x: "day", y: "depth", stroke: "var(--loss)", strokeWidth: 1 }),
            Plot.ruleY([0], { stroke: "var(--muted)" }),
            Plot.dot(deepest, { x: "day", y: "depth", fill: "var(--loss)", r: 3 }),
            Plot.text(deepest, {
              x: "day",
              y: "depth",
              dy: 11,
              fill: "var(--text)",
              text: ({ day, depth }: Depth) => `${formatChange(depth, 1)}, ${formatDay(day.getTime())}`,
              textAnchor: edgeAnchor(deepestFall.toMs, history.dayMs),
            }),
            Plot.tip(
              line,
              Plot.pointerX({
                x: "day",
                y: "depth",
                title: ({ day, depth }: Depth) => `${formatDay(day.getTime())}\n${formatChange(depth, 1)}`,
                fill: "var(--background)",
                stroke: "var(--line)",
              }),
            ),
          ],
        }),
      `Fall of the close from its highest so far in ${inWords}`,
    ),
    provenance,
    fileName: "drawdown",
    data: () => ({ date: Array.from(history.dayMs, formatDay), drawdown: depths }),
  });
}

/** Keeps the label of a point near either end of the chart inside it. */
function edgeAnchor(dayMs: number, days: Float64Array): "start" | "middle" | "end" {
  const first = days[0] ?? 0;
  const position = (dayMs - first) / ((days.at(-1) ?? 1) - first);
  if (position < 0.2) return "start";
  return position > 0.8 ? "end" : "middle";
}
