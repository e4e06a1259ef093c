import * as Plot from "npm:@observablehq/plot";
import { formatDay, formatDayInWords } from "../format/date-format.js";
import { formatSigned } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import { runningForecast } from "./running-forecast.js";
import type { ShownStudy } from "./shown-study.js";
import { probabilityWords } from "./verdict-words.js";

const HEIGHT = 260;

/** The forecast that was chosen on the first part of the days, day by day: it should go on rising after them. */
export function heldOutFigure({ study, sides, source, target, provenance }: ShownStudy): HTMLElement {
  const { heldOut } = study;
  const { openedAtMs, chosenShape, target: outcomes } = sides;
  const total = runningForecast({ shape: chosenShape, target: outcomes, ...heldOut });
  const held = `IC ${formatSigned(heldOut.ic, 3)}, ${probabilityWords("p", heldOut.p)}`;
  return figureFrame({
    title: heldOut.isConfirmed
      ? `The lag chosen before ${formatDayInWords(heldOut.fromMs)} worked after it too (${held})`
      : `The lag chosen before ${formatDayInWords(heldOut.fromMs)} did not work after it (${held})`,
    subtitle: `running sum of forecast × outcome at lag ${heldOut.lag}, both in standard deviations, per day of the sample; steady rise = steady relation`,
    body: responsive(
      HEIGHT,
      (width) => runningPlot(openedAtMs, total, heldOut.fromMs, width),
      `Running sum of forecast times outcome, chosen before and tested after ${formatDay(heldOut.fromMs)}`,
    ),
    provenance,
    fileName: `held-out-${source}-${target}`,
    data: () => ({ date: Array.from(openedAtMs, formatDay), running_sum: total }),
  });
}

function runningPlot(openedAtMs: Float64Array, total: Float64Array, splitMs: number, width: number): Node {
  const points = Array.from(total, (value, row) => ({ day: new Date(openedAtMs[row] ?? Number.NaN), value }));
  const split = new Date(splitMs);
  const lastDay = points.at(-1)?.day ?? split;
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const top = Math.max(...values);
  const label = (text: string, anchor: "start" | "end") =>
    Plot.text([split], {
      x: (day) => day,
      frameAnchor: "top",
      text: [text],
      textAnchor: anchor,
      dx: anchor === "start" ? 6 : -6,
      fill: "var(--muted)",
    });
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 52,
    marginRight: 12,
    marginTop: 20,
    marginBottom: 28,
    x: { type: "utc", label: null, tickSize: 0, ticks: Math.max(2, Math.floor(width / 100)) },
    y: { label: null, tickSize: 0, ticks: 5, grid: true, tickFormat: (value: number) => formatSigned(value, 2) },
    style: { fontSize: "11px", background: "none" },
    marks: [
      Plot.rect([split], {
        x1: (day) => day,
        x2: lastDay,
        y1: Math.min(0, ...values),
        y2: top,
        fill: "var(--information)",
        fillOpacity: 0.08,
      }),
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.ruleX([split], { stroke: "var(--information)" }),
      label("chosen", "end"),
      label("tested", "start"),
      Plot.lineY(points, { x: "day", y: "value", stroke: "var(--information)", strokeWidth: 1.5 }),
      Plot.tip(
        points,
        Plot.pointerX({
          x: "day",
          y: "value",
          fill: "var(--background)",
          stroke: "var(--line)",
          title: ({ day, value }: { day: Date; value: number }) =>
            `${formatDay(day.getTime())}\n${formatSigned(value, 3)}`,
        }),
      ),
    ],
  });
}
