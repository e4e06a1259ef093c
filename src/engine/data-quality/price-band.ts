import type { CandleSeries } from "../market-data/candle-columns.js";
import { priceBand } from "../market-data/exchange-conventions.js";
import { isDaily, type QualityContext } from "./quality-context.js";

/** Exchanges on which a Vietnamese share may have traded earlier, from the narrowest band to the widest. */
const EXCHANGES = ["HOSE", "HNX", "UPCOM"] as const;

/** Room for prices rounded to a tick and back-adjusted prices rounded to two decimals. */
const BAND_ALLOWANCE = 0.005;

const BANDS = EXCHANGES.map(bandWithAllowance);
const WIDEST_BAND = BANDS.at(-1)!;

/** Candles on either side in which an upward move reveals the band in force: a year. */
const WITNESS_ROWS = 250;

/** Bands do not limit the first session after a long halt; longer pauses than this are not judged by a band. */
export const LONGEST_BANDED_PAUSE_DAYS = 10;

/** The band of a share's current exchange with its allowance; `undefined` where none limits the move. */
export function currentPriceBand(context: QualityContext): number | undefined {
  const { assetClass, exchange } = context;
  if (assetClass !== "equity" || exchange === undefined || !isDaily(context)) return undefined;
  return priceBand(exchange) === undefined ? undefined : bandWithAllowance(exchange);
}

/**
 * The band that was in force around a row, at least `currentBand`. Only today's exchange is known, but many
 * shares came from one with a wider band. Splits, bonus issues and dividends only ever lower a price, so an
 * upward move above the current band, other than the one at the row, shows that a wider one applied. Moves
 * above every band show nothing.
 */
export function bandInForce({ close, length }: CandleSeries, row: number, currentBand: number): number {
  let largestGain = currentBand;
  const last = Math.min(length - 1, row + WITNESS_ROWS);
  for (let witness = Math.max(1, row - WITNESS_ROWS); witness <= last; witness++) {
    const gain = close[witness]! / close[witness - 1]! - 1;
    if (gain > largestGain && gain <= WIDEST_BAND && witness !== row) largestGain = gain;
  }
  return BANDS.find((band) => band >= largestGain) ?? largestGain;
}

function bandWithAllowance(exchange: string): number {
  return (priceBand(exchange) ?? 0) + BAND_ALLOWANCE;
}
