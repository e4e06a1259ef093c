import type { CandleSeries } from "../market-data/candle-columns.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { tradingDateOf } from "../units/trading-date.js";
import { emptySeries } from "./candle-buffer.js";
import { roundToHoseStep } from "./hose-prices.js";
import { indexLevel, roundToHundredth, SIMULATED_INDEXES } from "./index-candles.js";
import { bridgePath, fitMinutesToDay, SESSION_MINUTES, sessionTimes, splitVolume } from "./minute-candles.js";
import { streamSeed } from "./shock-process.js";
import { SIMULATED_SHARES } from "./simulated-shares.js";

const ROUND_LOT = 100;

/**
 * Minute candles of every share and index on the last `dayCount` rows of their daily candles. The minutes of a
 * day depend on the seed and the day alone, not on how many days are asked for.
 */
export function minutesOfMarket(
  seed: number,
  daily: ReadonlyMap<InstrumentSymbol, CandleSeries>,
  tradingDaysMs: Float64Array,
  dayCount: number,
): Map<InstrumentSymbol, CandleSeries> {
  const firstDay = Math.max(0, tradingDaysMs.length - dayCount);
  const times = Float64Array.from([...tradingDaysMs.subarray(firstDay)].flatMap((dayMs) => [...sessionTimes(dayMs)]));
  const minutesBySymbol = new Map<InstrumentSymbol, CandleSeries>();
  for (const { symbol } of [...SIMULATED_SHARES, ...SIMULATED_INDEXES]) minutesBySymbol.set(symbol, emptySeries(times));

  for (let day = firstDay; day < tradingDaysMs.length; day++) {
    const minutesOfDay = new Map<InstrumentSymbol, CandleSeries>();
    for (const { symbol, dailyVolatility } of SIMULATED_SHARES) {
      const candles = daily.get(symbol)!;
      const daySeed = streamSeed(seed, `${symbol}:${tradingDateOf(tradingDaysMs[day]!)}`);
      const ends = { open: candles.open[day]!, close: candles.close[day]!, volatility: dailyVolatility };
      const minutes = fitMinutesToDay(candles, day, bridgePath(daySeed, ends), roundToHoseStep);
      minutes.volume.set(splitVolume(~daySeed, candles.volume[day]!, ROUND_LOT));
      minutesOfDay.set(symbol, minutes);
    }
    for (const index of SIMULATED_INDEXES) {
      const path = Float64Array.from(SESSION_MINUTES, (_, minute) =>
        indexLevel(index, ({ symbol }) => minutesOfDay.get(symbol)!.close[minute]!),
      );
      const minutes = fitMinutesToDay(daily.get(index.symbol)!, day, path, roundToHundredth);
      for (const { symbol } of SIMULATED_SHARES) {
        const { volume } = minutesOfDay.get(symbol)!;
        for (let minute = 0; minute < volume.length; minute++) minutes.volume[minute]! += volume[minute]!;
      }
      minutesOfDay.set(index.symbol, minutes);
    }
    const start = (day - firstDay) * SESSION_MINUTES.length;
    for (const [symbol, minutes] of minutesOfDay) {
      const all = minutesBySymbol.get(symbol)!;
      for (const field of ["open", "high", "low", "close", "volume"] as const) all[field].set(minutes[field], start);
    }
  }
  return minutesBySymbol;
}
