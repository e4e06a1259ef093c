import * as Plot from "npm:@observablehq/plot";
import type { ShiftedOverlay } from "../../engine/lead-lag/shifted-overlay.js";
import { formatDay } from "../format/date-format.js";
import { formatNumber } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { responsive } from "../responsive.js";
import type { StudyOutcome, StudyPair } from "./lead-lag-study.js";
import { studyRefused } from "./study-refused.js";

const HEIGHT = 380;
const LEVEL_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;
/** From here on the names stand beside the lines instead of on them. */
const WIDTH_FOR_MARGIN = 640;

interface LinePoint {
  readonly day: Date;
  readonly value: number;
  readonly name: string;
}

/** The target's price and the source's price moved later, both from 100, so that the eye can judge a lag. */
export function overlayFigure(
  { source, target }: StudyPair,
  outcome: StudyOutcome<ShiftedOverlay>,
  lag: number,
  provenance: Provenance,
): HTMLElement {
  if (outcome.kind === "refused") return studyRefused(outcome);
  const { openedAtMs, source: sourceLine, target: targetLine } = outcome.result;
  const moved = lag === 0 ? source : `${source}, ${lag} ${lag === 1 ? "day" : "days"} later`;
  const line = (values: Float64Array, name: string): LinePoint[] =>
    Array.from(values, (value, row) => ({ day: new Date(openedAtMs[row] ?? 0), value, name }));
  const [targetPoints, sourcePoints] = [line(targetLine, target), line(sourceLine, moved)];
  return figureFrame({
    title: `Do they look alike? ${target} and ${moved}`,
    subtitle: "closes, 100 at the start, logarithmic scale; look-alike levels are not evidence, the bars above are",
    body: responsive(
      HEIGHT,
      (width) => overlay(targetPoints, sourcePoints, width),
      `Closes of ${target} and ${moved}, both from 100`,
    ),
    provenance: { ...provenance, rows: openedAtMs.length },
    fileName: `overlay-${source}-${target}-${lag}`,
    data: () => ({ date: Array.from(openedAtMs, formatDay), [target]: targetLine, [`${source} shifted`]: sourceLine }),
  });
}

function overlay(target: readonly LinePoint[], source: readonly LinePoint[], width: number): Node {
  const last = (points: readonly LinePoint[]) => points.filter(({ value }) => Number.isFinite(value)).slice(-1);
  const [targetEnd, sourceEnd] = [last(target), last(source)];
  const targetIsAbove = (targetEnd[0]?.value ?? 0) >= (sourceEnd[0]?.value ?? 0);
  const hasMargin = width >= WIDTH_FOR_MARGIN;
  const named = (points: readonly LinePoint[], color: string, isAbove: boolean) =>
    Plot.text(points, {
      x: "day",
      y: "value",
      text: ({ name, value }: LinePoint) => `${name}${hasMargin ? "\n" : "  "}${formatNumber(value, 0)}`,
      textAnchor: hasMargin ? "start" : "end",
      dx: hasMargin ? 6 : 0,
      dy: (isAbove ? -1 : 1) * (hasMargin ? 10 : 14),
      fill: color,
      fontWeight: 600,
      stroke: "var(--panel)",
      strokeWidth: 4,
    });
  return Plot.plot({
    width,
    height: HEIGHT,
    marginLeft: 40,
    marginRight: hasMargin ? 132 : 12,
    marginTop: 16,
    marginBottom: 32,
    x: { type: "utc", label: null, tickSize: 0, ticks: Math.max(2, Math.floor(width / 100)) },
    y: {
      type: "log",
      label: null,
      tickSize: 0,
      grid: true,
      ticks: levelTicks([...target, ...source].map(({ value }) => value)),
      tickFormat: (value: number) => formatNumber(value, 0),
    },
    style: { fontSize: "11px", background: "none" },
    marks: [
      Plot.ruleY([100], { stroke: "var(--muted)", strokeDasharray: "2 3" }),
      Plot.lineY(source, { x: "day", y: "value", stroke: "var(--warning)", strokeWidth: 1.5 }),
      Plot.lineY(target, { x: "day", y: "value", stroke: "var(--information)", strokeWidth: 1.5 }),
      named(sourceEnd, "var(--warning)", !targetIsAbove),
      named(targetEnd, "var(--information)", targetIsAbove),
      Plot.crosshairX(target, {
        x: "day",
        y: "value",
        color: "var(--muted)",
        textFill: "var(--text)",
        textStroke: "var(--panel)",
      }),
    ],
  });
}

/** Round levels over the range, at most seven: a logarithmic scale would label only those below 100. */
function levelTicks(values: readonly number[]): number[] {
  const known = values.filter(Number.isFinite);
  const [lowest, highest] = [Math.min(...known), Math.max(...known)];
  const step = LEVEL_STEPS.find((size) => (highest - lowest) / size <= 6) ?? highest - lowest;
  const first = Math.ceil(lowest / step);
  return Array.from({ length: Math.max(0, Math.floor(highest / step) - first + 1) }, (_, at) => (first + at) * step);
}
