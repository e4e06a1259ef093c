import * as Plot from "npm:@observablehq/plot";
import { element } from "../element.js";
import { formatChange, formatCompact, formatNumber, formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { responsive } from "../responsive.js";
import type { LatestSession } from "./latest-session.js";
import { BREAK_WIDTH, formatMinute, MIDDAY_BREAK, sessionPosition, sessionTicks } from "./session-clock.js";
import { type SessionInterval, sessionTitle } from "./session-intervals.js";

const CHANGE_HEIGHT = 178;
const VOLUME_HEIGHT = 64;
const INTERVAL_MINUTES = 5;
const WHOLE_DAY = { begin: 9 * 60, end: 15 * 60 } as const;

/** The session of the market's day: the index against its previous close, and the shares traded below. */
export function sessionFigure(session: LatestSession): HTMLElement {
  const { index, intervals, previousClose, shares, provenance, isRunning = false } = session;
  const title = sessionTitle(index, intervals, isRunning);
  return figureFrame({
    title,
    subtitle: `change from the previous close of ${formatNumber(previousClose)} by five minutes; bars: volume of ${formatNumber(shares, 0)} shares; hours of Asia/Ho_Chi_Minh`,
    body: responsive(
      CHANGE_HEIGHT + VOLUME_HEIGHT,
      (width) => element("div", {}, plotChange(session, width), plotVolume(session, width)),
      `${title}; change by five minutes and volume of all shares`,
    ),
    provenance: { ...provenance, rows: intervals.length },
    fileName: `session-${provenance.asOf}`,
    data: () => ({
      from: intervals.map(({ minute }) => formatMinute(minute)),
      [index]: intervals.map(({ close }) => close),
      change: intervals.map(({ change }) => change),
      volume_of_shares: intervals.map(({ volume }) => volume),
      share_above_previous_close: intervals.map(({ rising }) => rising),
    }),
  });
}

/** A running day has the width of a whole one, so that time passes to the right. */
function axis({ intervals, isRunning }: LatestSession, width: number) {
  const [begin, end] = [intervals[0]?.minute ?? 0, (intervals.at(-1)?.minute ?? 0) + INTERVAL_MINUTES];
  const [first, last] = isRunning ? [Math.min(begin, WHOLE_DAY.begin), Math.max(end, WHOLE_DAY.end)] : [begin, end];
  return {
    shared: { width, marginLeft: 48, marginRight: 52, style: { fontSize: "11px", background: "none" } },
    domain: [sessionPosition(first), sessionPosition(last)],
    ticks: sessionTicks(first, last),
    spansBreak: first < MIDDAY_BREAK.begin && last > MIDDAY_BREAK.end,
  };
}

function plotChange(session: LatestSession, width: number): Node {
  const { intervals } = session;
  const { shared, domain, spansBreak } = axis(session, width);
  const known = intervals.filter(({ change }) => Number.isFinite(change));
  const halves = [
    known.filter(({ minute }) => minute < MIDDAY_BREAK.begin),
    known.filter(({ minute }) => minute >= MIDDAY_BREAK.begin),
  ];
  const changes = known.map(({ change }) => change);
  return Plot.plot({
    ...shared,
    height: CHANGE_HEIGHT,
    marginTop: 10,
    marginBottom: 6,
    x: { domain, axis: null },
    y: {
      domain: [Math.min(0, ...changes), Math.max(0, ...changes)],
      nice: true,
      label: null,
      grid: true,
      ticks: 4,
      tickSize: 0,
      tickFormat: (value: number) => formatChange(value, isFlat(changes) ? 2 : 1),
    },
    marks: [
      ...(spansBreak ? [breakBand()] : []),
      Plot.ruleY([0], { stroke: "var(--text)" }),
      ...halves.flatMap((half) => [
        Plot.differenceY(half, {
          x: middleOf,
          y1: 0,
          y2: "change",
          positiveFill: "var(--gain)",
          negativeFill: "var(--loss)",
          fillOpacity: 0.22,
          stroke: "none",
        }),
        Plot.lineY(half, { x: middleOf, y: "change", stroke: "var(--text)", strokeWidth: 1.5 }),
      ]),
      Plot.dot(known.slice(-1), { x: middleOf, y: "change", r: 2.5, fill: "var(--text)" }),
      Plot.text(known.slice(-1), {
        x: domain[1] ?? 0,
        y: "change",
        dx: 4,
        textAnchor: "start",
        fontWeight: 600,
        text: ({ change }: SessionInterval) => formatChange(change),
        fill: ({ change }: SessionInterval) => `var(--${change < 0 ? "loss" : "gain"})`,
      }),
      Plot.tip(
        known,
        Plot.pointerX({
          x: middleOf,
          y: "change",
          fill: "var(--background)",
          stroke: "var(--line)",
          title: intervalInWords,
        }),
      ),
    ],
  });
}

/** Whether tenths of a percent would name two ticks alike. */
function isFlat(changes: readonly number[]): boolean {
  return Math.max(0, ...changes) - Math.min(0, ...changes) < 0.003;
}

function plotVolume(session: LatestSession, width: number): Node {
  const { intervals } = session;
  const { shared, domain, ticks, spansBreak } = axis(session, width);
  return Plot.plot({
    ...shared,
    height: VOLUME_HEIGHT,
    marginTop: 4,
    marginBottom: 18,
    x: {
      domain,
      label: null,
      tickSize: 0,
      ticks: ticks.map(sessionPosition),
      tickFormat: (_: number, at: number) => formatMinute(ticks[at] ?? 0),
    },
    y: { label: null, ticks: 2, tickSize: 0, grid: true, tickFormat: formatCompact },
    marks: [
      ...(spansBreak ? [breakBand()] : []),
      Plot.rectY(intervals, {
        x1: ({ minute }: SessionInterval) => sessionPosition(minute),
        x2: ({ minute }: SessionInterval) => sessionPosition(minute + INTERVAL_MINUTES),
        y: "volume",
        insetLeft: 1,
        fill: "var(--information)",
        fillOpacity: 0.7,
        title: intervalInWords,
      }),
    ],
  });
}

function breakBand(): Plot.Markish {
  return Plot.rect([MIDDAY_BREAK.begin], {
    x1: MIDDAY_BREAK.begin,
    x2: MIDDAY_BREAK.begin + BREAK_WIDTH,
    fill: "var(--line)",
    fillOpacity: 0.55,
    title: () => `Midday break, ${formatMinute(MIDDAY_BREAK.begin)} to ${formatMinute(MIDDAY_BREAK.end)}, drawn narrow`,
  });
}

function middleOf({ minute }: SessionInterval): number {
  return (sessionPosition(minute) + sessionPosition(minute + INTERVAL_MINUTES)) / 2;
}

function intervalInWords({ minute, close, change, volume, rising }: SessionInterval): string {
  return [
    `${formatMinute(minute)} to ${formatMinute(minute + INTERVAL_MINUTES)}`,
    `${formatNumber(close)}, ${formatChange(change)}`,
    `${formatCompact(volume)} shares traded`,
    `${formatShare(rising)} above their previous close`,
  ].join("\n");
}
