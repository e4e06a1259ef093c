import type { CandleSeries } from "../market-data/candle-columns.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../units/epoch-ms.js";
import { type TradingDate, tradingDateToEpochMs } from "../units/trading-date.js";
import { dailyCandles, type PriceRules } from "./daily-candles.js";
import { shockProcess, streamSeed } from "./shock-process.js";
import { SIMULATED_COMMODITIES } from "./simulated-commodities.js";
import { tradingDaysBetween } from "./trading-days.js";

/** Largest daily move, as the Chinese exchanges limit theirs at about this size; it also keeps prices positive. */
const LARGEST_MOVE = 0.12;

/** Daily candles of every commodity and exchange rate, each on its own trading days. */
export function commodityCandles(
  seed: number,
  from: TradingDate,
  to: TradingDate,
): Map<InstrumentSymbol, CandleSeries> {
  const daysOf = {
    "chinese-futures": tradingDaysBetween("chinese-futures", from, to),
    global: tradingDaysBetween("global", from, to),
  };
  const series = new Map<InstrumentSymbol, CandleSeries>();
  for (const commodity of SIMULATED_COMMODITIES) {
    const { symbol, commonVariance, dailyVolatility, firstReferencePrice, priceStep } = commodity;
    const days = daysOf[commodity.calendar];
    const common = shockOfDay(streamSeed(seed, commodity.industry));
    const own = shockOfDay(streamSeed(seed, symbol));
    const returns = days.map((dayMs) => {
      const elapsedDays = (dayMs - tradingDateToEpochMs(from)) / MS_PER_DAY;
      const shock = Math.sqrt(commonVariance) * common(elapsedDays) + Math.sqrt(1 - commonVariance) * own(elapsedDays);
      return dailyVolatility * shock;
    });
    const candles = dailyCandles(days, returns, {
      seed,
      stream: symbol,
      firstReferencePrice,
      dailyVolatility,
      typicalVolume: commodity.dailyVolume,
      volumeStep: 1,
      rules: stepRules(priceStep),
    });
    series.set(symbol, candles);
  }
  return series;
}

/**
 * The shock of each calendar day, asked for in ascending order. Every day has one whether or not the asker's
 * market trades, so that two markets with different holidays share the shocks of the days they share.
 */
function shockOfDay(seed: number): (elapsedDays: number) => number {
  const nextShock = shockProcess(seed);
  let day = -1;
  let shock = 0;
  return (elapsedDays) => {
    for (; day < elapsedDays; day++) shock = nextShock();
    return shock;
  };
}

function stepRules(priceStep: number): PriceRules {
  const stepsPerUnit = Math.round(1 / priceStep);
  // 0.01 has no exact double: dividing by 100 gives the double nearest to the decimal price.
  const round =
    priceStep < 1
      ? (price: number) => Math.round(price * stepsPerUnit) / stepsPerUnit
      : (price: number) => Math.round(price / priceStep) * priceStep;
  return {
    round,
    limits: (reference) => ({
      floor: round(reference * (1 - LARGEST_MOVE)),
      ceiling: round(reference * (1 + LARGEST_MOVE)),
    }),
  };
}
