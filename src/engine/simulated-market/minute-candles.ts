import type { CandleSeries } from "../market-data/candle-columns.js";
import { gaussianRandom, seededRandom } from "../statistics/seeded-random.js";
import { MS_PER_MINUTE } from "../units/epoch-ms.js";
import { emptySeries } from "./candle-buffer.js";

/** Minutes of a HOSE day with a candle, from 00:00: opening auction print and morning, afternoon, closing auction. */
export const SESSION_MINUTES: readonly number[] = [
  ...minutesBetween(9 * 60 + 15, 11 * 60 + 30),
  ...minutesBetween(13 * 60, 14 * 60 + 30),
  14 * 60 + 45,
];

/** How busy trading is in a minute of the session, by its row: 0.6 in the middle of the day, 1.6 at both ends. */
export function sessionActivity(minute: number): number {
  const fromMiddle = Math.abs((2 * minute) / (SESSION_MINUTES.length - 1) - 1);
  return 0.6 + fromMiddle * fromMiddle;
}

/** Share of a day's volume in each minute: busy at both ends, with auctions of several minutes' worth. */
const VOLUME_PROFILE = SESSION_MINUTES.map((_, minute) => {
  if (minute === 0) return 6;
  return minute === SESSION_MINUTES.length - 1 ? 14 : sessionActivity(minute);
});

/** The part of a day's volatility that shows between open and close. */
const INTRADAY_SHARE = 0.8;

export function sessionTimes(dayMs: number): Float64Array {
  return Float64Array.from(SESSION_MINUTES, (minute) => dayMs + minute * MS_PER_MINUTE);
}

/** A random path of minute closes that leads from a day's open to its close: a Brownian bridge. */
export function bridgePath(
  seed: number,
  { open, close, volatility }: { readonly open: number; readonly close: number; readonly volatility: number },
): Float64Array {
  const gaussian = gaussianRandom(seededRandom(seed));
  const last = SESSION_MINUTES.length - 1;
  const step = (INTRADAY_SHARE * volatility * open) / Math.sqrt(last);
  const path = new Float64Array(SESSION_MINUTES.length).fill(open);
  for (let minute = 1; minute <= last; minute++) path[minute] = path[minute - 1]! + step * gaussian();
  const missed = close - path[last]!;
  return path.map((price, minute) => price + (missed * minute) / last);
}

/**
 * Minute candles of one day that follow `path` as far as the day's candle allows, and aggregate to that candle
 * exactly: the first opens at its open, the last (the closing auction) is its close, the highest reaches its
 * high, the lowest its low. Volumes are left at 0.
 */
export function fitMinutesToDay(
  daily: CandleSeries,
  day: number,
  path: Float64Array,
  round: (price: number) => number,
): CandleSeries {
  const [dayHigh, dayLow, dayClose] = [daily.high[day]!, daily.low[day]!, daily.close[day]!];
  const minutes = emptySeries(sessionTimes(daily.openedAtMs[day]!));
  const last = minutes.length - 1;
  let open = daily.open[day]!;
  let highest = 0;
  let lowest = 0;
  for (let minute = 0; minute < last; minute++) {
    const close = Math.min(dayHigh, Math.max(dayLow, round(path[minute]!)));
    minutes.open[minute] = open;
    minutes.close[minute] = close;
    minutes.high[minute] = Math.max(open, close);
    minutes.low[minute] = Math.min(open, close);
    if (minutes.high[minute]! > minutes.high[highest]!) highest = minute;
    if (minutes.low[minute]! < minutes.low[lowest]!) lowest = minute;
    open = close;
  }
  for (const column of [minutes.open, minutes.high, minutes.low, minutes.close]) column[last] = dayClose;
  minutes.high[highest] = dayHigh;
  minutes.low[lowest] = dayLow;
  return minutes;
}

/** Splits a day's volume over its minutes in whole steps that add up to it exactly. */
export function splitVolume(seed: number, dayVolume: number, volumeStep: number): Float64Array {
  const random = seededRandom(seed);
  const weights = VOLUME_PROFILE.map((share) => share * (0.3 + 1.4 * random()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const steps = dayVolume / volumeStep;
  let weightSoFar = 0;
  let stepsSoFar = 0;
  return Float64Array.from(weights, (weight, minute) => {
    weightSoFar += weight;
    const isLast = minute === weights.length - 1;
    const due = (isLast ? steps : Math.floor((steps * weightSoFar) / total)) - stepsSoFar;
    stepsSoFar += due;
    return due * volumeStep;
  });
}

function minutesBetween(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
