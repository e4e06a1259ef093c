import { POWER } from "../../engine/lead-lag/lag-test.js";
import type { VerdictKind } from "../../engine/lead-lag/study-verdict.js";
import { normalQuantile } from "../../engine/statistics/normal-quantile.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { formatDay } from "../format/date-format.js";
import { VERDICT_LABELS } from "./verdict-badge.js";

/** One pair of the stored screen; numbers are `NaN` for a pair that could not be studied. */
export interface ScreenRow {
  readonly source: string;
  readonly target: string;
  readonly edgeCount: number;
  readonly verdict: VerdictKind;
  readonly strongestLag: number;
  readonly firstLag: number;
  readonly lastLag: number;
  readonly p: number;
  readonly q: number;
  readonly correlation: number;
  readonly heldOutIc: number;
  readonly heldOutP: number;
  readonly detectableSize: number;
  readonly returns: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tests: number;
  readonly factors: string;
  readonly reasons: string;
  /** By lag, from 0. */
  readonly whitened: Float32Array;
}

export function isTested({ p }: ScreenRow): boolean {
  return Number.isFinite(p);
}

/** A lead whose lag, chosen on the first part of the days, worked on the rest. */
export function isConfirmed({ verdict, heldOutP }: ScreenRow): boolean {
  return verdict === "lead-found" && heldOutP <= 0.05;
}

export function screenLabel(row: ScreenRow): string {
  return row.verdict === "lead-found" && !isConfirmed(row) ? "Lead, not confirmed" : VERDICT_LABELS[row.verdict];
}

/** What the largest correlation of unrelated series of this length stays below 95 times in 100. */
export function screenBand({ detectableSize, returns }: ScreenRow): number {
  return detectableSize - normalQuantile(POWER) / Math.sqrt(returns);
}

/** The study of a pair over the same days; the page moves the first day to the first that both have. */
export function studyHref({ source, target, fromMs, toMs }: ScreenRow): string {
  const days =
    Number.isFinite(fromMs) && fromMs > 0 ? { from: formatDay(fromMs - 14 * MS_PER_DAY), to: formatDay(toMs) } : {};
  return `./lead-lag.html?${new URLSearchParams({ source, target, ...days })}`;
}
