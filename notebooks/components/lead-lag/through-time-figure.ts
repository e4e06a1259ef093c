import * as Plot from "npm:@observablehq/plot";
import {
  type BlockCorrelation,
  correlationByBlock,
  type RollingLag,
  rollingLag,
} from "../../engine/lead-lag/correlation-through-time.js";
import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { formatNumber, formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { figureKey } from "./lag-plot.js";
import type { ShownStudy } from "./shown-study.js";
import { shapeNote } from "./verdict-words.js";

const HEIGHT = 230;
const LAG_HEIGHT = 150;
const BLOCKS = 5;
const STEP = 5;

/** Whether the relation holds all the time: over moving windows, in five blocks, and which lag was strongest when. */
export function throughTimeFigure(
  { study, sides, source, target, provenance }: ShownStudy,
  { lag, windowRows }: { lag: number; windowRows: number },
): HTMLElement {
  const maxLag = study.lags.length - 1;
  const minLag = study.isLagZeroTradable ? 0 : 1;
  const blocks = correlationByBlock(sides, lag, BLOCKS);
  const rolling = rollingLag(sides, { lag, minLag, maxLag, windowRows, stepRows: STEP });
  const positive = blocks.filter(({ correlation }) => correlation > 0).length;
  const alike = Math.max(positive, BLOCKS - positive);
  return figureFrame({
    title: `At lag ${lag} the correlation has the same sign in ${alike} of ${BLOCKS} blocks`,
    subtitle: `correlation of what is new on each side, windows of ${windowRows} days; below, the lag strongest in each window${shapeNote(study.test.lead.transform)}`,
    body: element(
      "div",
      {},
      figureKey([
        { mark: "line", color: "information", label: `rolling, lag ${lag}` },
        { mark: "line", color: "warning", label: "five equal blocks" },
        { mark: "band", color: "muted", label: "95%, one window" },
      ]),
      rolling.openedAtMs.length === 0
        ? element("p", { class: "muted" }, `No window of ${windowRows} days fits into this study.`)
        : [
            responsive(
              HEIGHT,
              (width) => rollingPlot(rolling, blocks, windowRows, width),
              `Correlation at lag ${lag} through time`,
            ),
            responsive(
              LAG_HEIGHT,
              (width) => lagsPlot(rolling, maxLag, timeDomain(blocks), width),
              "Strongest lag through time",
            ),
          ],
    ),
    provenance,
    fileName: `through-time-${source}-${target}-${lag}`,
    data: () => ({
      window_ends: Array.from(rolling.openedAtMs, formatDay),
      correlation: rolling.correlation,
      strongest_lag: rolling.strongestLag,
    }),
  });
}

function rollingPlot(
  { openedAtMs, correlation }: RollingLag,
  blocks: readonly BlockCorrelation[],
  windowRows: number,
  width: number,
): Node {
  const points = Array.from(correlation, (value, at) => ({ day: new Date(openedAtMs[at] ?? Number.NaN), value }));
  const band = 1.96 / Math.sqrt(windowRows);
  return Plot.plot({
    ...timePlot(width, HEIGHT),
    x: { ...timePlot(width, HEIGHT).x, domain: timeDomain(blocks) },
    y: { label: null, tickSize: 0, ticks: 5, grid: true, tickFormat: (value: number) => formatSigned(value, 2) },
    marks: [
      Plot.rect([band], {
        x1: timeDomain(blocks)[0],
        x2: timeDomain(blocks)[1],
        y1: -band,
        y2: band,
        fill: "var(--muted)",
        fillOpacity: 0.14,
      }),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.ruleY(blocks, {
        x1: ({ fromMs }: BlockCorrelation) => new Date(fromMs),
        x2: ({ toMs }: BlockCorrelation) => new Date(toMs),
        y: "correlation",
        stroke: "var(--warning)",
        strokeWidth: 2,
      }),
      Plot.lineY(points, { x: "day", y: "value", stroke: "var(--information)", strokeWidth: 1.5 }),
      Plot.tip(
        points,
        Plot.pointerX({
          x: "day",
          y: "value",
          fill: "var(--background)",
          stroke: "var(--line)",
          title: ({ day, value }: { day: Date; value: number }) =>
            `window to ${formatDay(day.getTime())}\n${formatSigned(value, 3)}, one window ±${formatNumber(band, 3)}`,
        }),
      ),
    ],
  });
}

function lagsPlot({ openedAtMs, strongestLag }: RollingLag, maxLag: number, domain: [Date, Date], width: number): Node {
  const points = Array.from(strongestLag, (lag, at) => ({ day: new Date(openedAtMs[at] ?? Number.NaN), lag }));
  return Plot.plot({
    ...timePlot(width, LAG_HEIGHT),
    x: { ...timePlot(width, LAG_HEIGHT).x, domain },
    y: { domain: [0, maxLag], label: "strongest lag", labelArrow: "none", tickSize: 0, ticks: 4, grid: true },
    marks: [Plot.dot(points, { x: "day", y: "lag", r: 2, fill: "var(--information)", fillOpacity: 0.7 })],
  });
}

function timePlot(width: number, height: number): Plot.PlotOptions {
  return {
    width,
    height,
    marginLeft: 52,
    marginRight: 12,
    marginTop: 20,
    marginBottom: 26,
    x: { type: "utc", label: null, tickSize: 0, ticks: Math.max(2, Math.floor(width / 100)) },
    style: { fontSize: "11px", background: "none" },
  };
}

function timeDomain(blocks: readonly BlockCorrelation[]): [Date, Date] {
  return [new Date(blocks[0]?.fromMs ?? Number.NaN), new Date(blocks.at(-1)?.toMs ?? Number.NaN)];
}
