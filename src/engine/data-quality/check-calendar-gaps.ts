import { epochMs } from "../units/epoch-ms.js";
import { tradingDateOf, tradingDayNumberOf } from "../units/trading-date.js";
import type { Finding, FindingSeverity } from "./finding.js";
import type { QualityCheck } from "./quality-context.js";
import { MAX_RUNS_REPORTED_SINGLY } from "./row-runs.js";

/** Trading days without a candle, between two candles. */
interface Hole {
  readonly fromMs: number;
  readonly toMs: number;
  readonly days: number;
}

/** Holes from a trading week on are always reported one by one. */
const LONG_HOLE_DAYS = 5;
/** A trading month or more missing makes most windowed figures meaningless. */
const ERROR_HOLE_DAYS = 20;

/**
 * Finds trading days on which the symbol has no candle although it has earlier and later ones: one finding
 * per hole, from its first to its last missing day. Nothing before the first or after the last candle is a
 * gap. In an intraday series a day counts as present with a single candle. When a symbol has more than
 * `MAX_RUNS_REPORTED_SINGLY` holes, those shorter than a week share one finding.
 */
export const checkCalendarGaps: QualityCheck = (symbol, series, context) => {
  if (context.tradingDaysMs === undefined || series.length < 2) return [];
  const holes = findHoles(series.openedAtMs, context.tradingDaysMs);
  const single = holes.length <= MAX_RUNS_REPORTED_SINGLY ? holes : holes.filter((hole) => hole.days >= LONG_HOLE_DAYS);
  const shared = holes.length <= MAX_RUNS_REPORTED_SINGLY ? [] : holes.filter((hole) => hole.days < LONG_HOLE_DAYS);

  const toFinding = (hole: Hole, message: string): Finding => ({
    kind: "calendar-gap",
    severity: severityOf(hole.days),
    symbol,
    fromMs: epochMs(hole.fromMs),
    toMs: epochMs(hole.toMs),
    count: hole.days,
    message,
  });
  const findings = single.map((hole) => toFinding(hole, describeHole(hole)));
  if (shared.length > 0) {
    const all = { fromMs: shared[0]!.fromMs, toMs: shared.at(-1)!.toMs, days: 0 };
    for (const hole of shared) all.days += hole.days;
    const message = `No candle on ${all.days} trading days in ${shared.length} holes shorter than ${LONG_HOLE_DAYS} days, from ${tradingDateOf(all.fromMs)} to ${tradingDateOf(all.toMs)}.`;
    findings.push({ ...toFinding(all, message), severity: "warning" });
  }
  return findings;
};

function findHoles(openedAtMs: Float64Array, tradingDaysMs: Float64Array): Hole[] {
  const holes: Hole[] = [];
  let next = 0;
  let previousDay = tradingDayNumberOf(openedAtMs[0]!);
  for (const time of openedAtMs) {
    const day = tradingDayNumberOf(time);
    if (day === previousDay) continue;
    while (next < tradingDaysMs.length && tradingDayNumberOf(tradingDaysMs[next]!) <= previousDay) next++;
    const firstMissing = next;
    while (next < tradingDaysMs.length && tradingDayNumberOf(tradingDaysMs[next]!) < day) next++;
    if (next > firstMissing) {
      holes.push({
        fromMs: tradingDaysMs[firstMissing]!,
        toMs: tradingDaysMs[next - 1]!,
        days: next - firstMissing,
      });
    }
    previousDay = day;
  }
  return holes;
}

function describeHole({ fromMs, toMs, days }: Hole): string {
  if (days === 1) return `No candle on the trading day ${tradingDateOf(fromMs)}.`;
  return `No candle on ${days} trading days in a row, ${tradingDateOf(fromMs)} to ${tradingDateOf(toMs)}.`;
}

function severityOf(days: number): FindingSeverity {
  if (days >= ERROR_HOLE_DAYS) return "error";
  return days >= LONG_HOLE_DAYS ? "warning" : "info";
}
