import type { CandleSeries } from "../market-data/candle-columns.js";
import { gaussianRandom, seededRandom } from "../statistics/seeded-random.js";
import { emptySeries } from "./candle-buffer.js";
import { streamSeed } from "./shock-process.js";

/** Which prices a market accepts. */
export interface PriceRules {
  readonly round: (price: number) => number;
  /** Lowest and highest price after a reference price, both acceptable. */
  readonly limits: (referencePrice: number) => { readonly floor: number; readonly ceiling: number };
}

export interface DailyCandleOptions {
  readonly seed: number;
  readonly stream: string;
  readonly firstReferencePrice: number;
  readonly dailyVolatility: number;
  /** Typical volume; 0 gives `NaN` volumes, as of a source without them. */
  readonly typicalVolume: number;
  readonly volumeStep: number;
  readonly rules: PriceRules;
}

/** Share of the day's return that is already in the opening price, and the opening noise in daily volatilities. */
const OPENING_SHARE = 0.3;
const OPENING_NOISE = 0.3;
/**
 * Part of the distance from the first price that a day takes back, about half of it in a year, so that prices stay
 * of a plausible size; at most a few hundredths of a day's volatility, which no study of returns will notice.
 */
const DAILY_PULL = 0.003;
/** Mean size of the wicks beyond open and close, in daily volatilities. */
const WICK = 0.35;

/**
 * Daily candles whose closes have the given simple returns, apart from rounding, the day's price limits and a weak
 * pull back to the first price. The noise of a day is drawn in the order of days, so a candle never depends on a
 * later one.
 */
export function dailyCandles(
  openedAtMs: Float64Array,
  returns: Float64Array,
  { seed, stream, firstReferencePrice, dailyVolatility, typicalVolume, volumeStep, rules }: DailyCandleOptions,
): CandleSeries {
  const gaussian = gaussianRandom(seededRandom(streamSeed(seed, `${stream}:candles`)));
  const series = emptySeries(openedAtMs);
  let reference = firstReferencePrice;
  for (let day = 0; day < series.length; day++) {
    const { floor, ceiling } = rules.limits(reference);
    const accepted = (price: number) => Math.min(ceiling, Math.max(floor, rules.round(price)));
    const change = returns[day]! - DAILY_PULL * (reference / firstReferencePrice - 1);
    const close = accepted(reference * (1 + change));
    const opening = OPENING_SHARE * change + OPENING_NOISE * dailyVolatility * gaussian();
    const open = accepted(reference * (1 + opening));
    const upperWick = reference * dailyVolatility * WICK * Math.abs(gaussian());
    const lowerWick = reference * dailyVolatility * WICK * Math.abs(gaussian());
    series.open[day] = open;
    series.close[day] = close;
    series.high[day] = Math.max(open, close, accepted(Math.max(open, close) + upperWick));
    series.low[day] = Math.min(open, close, accepted(Math.min(open, close) - lowerWick));
    const activity = 0.5 + 0.35 * Math.abs(gaussian()) + (0.4 * Math.abs(change)) / dailyVolatility;
    series.volume[day] =
      typicalVolume > 0 ? Math.max(1, Math.round((typicalVolume * activity) / volumeStep)) * volumeStep : Number.NaN;
    reference = close;
  }
  return series;
}
