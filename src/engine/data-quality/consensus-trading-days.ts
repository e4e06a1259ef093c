import { MS_PER_DAY } from "../units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS, tradingDayNumberOf } from "../units/trading-date.js";

/**
 * The trading days which many symbols of one market agree on, ascending, each as 00:00 Asia/Ho_Chi_Minh;
 * for use when no calendar is stored. A day counts when more than `minShare` of the symbols alive on it
 * (first candle ≤ day ≤ last candle) have a candle.
 *
 * Why half: on a real day nearly every name trades, on any other day nearly none does, so the share is near
 * 1 or near 0 and the threshold hardly matters. In 2,634 days of 100 Vietnamese stocks no day lies between
 * 0.2 and 0.9. The two days below are 2018-01-23 and 24, when HOSE was halted while HNX and UPCOM traded;
 * half keeps them out, so that a halt is not reported once per listed company.
 *
 * @param openedAtMsBySymbol the candle times of each symbol, ascending; empty series are ignored
 */
export function consensusTradingDays(
  openedAtMsBySymbol: readonly Float64Array[],
  { minShare = 0.5 }: { minShare?: number } = {},
): Float64Array {
  const seriesTimes = openedAtMsBySymbol.filter((times) => times.length > 0);
  if (seriesTimes.length === 0) return new Float64Array();
  const firstDay = Math.min(...seriesTimes.map((times) => tradingDayNumberOf(times[0]!)));
  const lastDay = Math.max(...seriesTimes.map((times) => tradingDayNumberOf(times.at(-1)!)));

  const traded = new Int32Array(lastDay - firstDay + 1);
  const aliveChange = new Int32Array(lastDay - firstDay + 2);
  for (const times of seriesTimes) {
    aliveChange[tradingDayNumberOf(times[0]!) - firstDay]!++;
    aliveChange[tradingDayNumberOf(times.at(-1)!) - firstDay + 1]!--;
    let previousDay = Number.NEGATIVE_INFINITY;
    for (const time of times) {
      const day = tradingDayNumberOf(time);
      if (day !== previousDay) traded[day - firstDay]!++;
      previousDay = day;
    }
  }

  const days: number[] = [];
  let alive = 0;
  for (let offset = 0; offset < traded.length; offset++) {
    alive += aliveChange[offset]!;
    if (traded[offset]! > minShare * alive) days.push((firstDay + offset) * MS_PER_DAY - TRADING_UTC_OFFSET_MS);
  }
  return Float64Array.from(days);
}
