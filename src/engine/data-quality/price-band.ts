import type { CandleSeries } from "../market-data/candle-columns.js";
import { isDaily, type QualityContext } from "./quality-context.js";

/** Largest daily move from the reference price that each Vietnamese exchange accepts for a listed share, ascending. */
const DAILY_BAND = new Map([
  ["HOSE", 0.07],
  ["HNX", 0.1],
  ["UPCOM", 0.15],
]);

const WIDEST_BAND = 0.15;

/** Room for prices rounded to a tick and back-adjusted prices rounded to two decimals. */
const BAND_ALLOWANCE = 0.005;

/** Candles on either side in which an upward move reveals the band in force: a year. */
const WITNESS_ROWS = 250;

/** Bands do not limit the first session after a long halt; longer pauses than this are not judged by a band. */
export const LONGEST_BANDED_PAUSE_DAYS = 10;

/** The band of a share's current exchange with its allowance; `undefined` where none limits the move. */
export function priceBand({ assetClass, exchange = "", ...context }: QualityContext): number | undefined {
  if (assetClass !== "equity" || !isDaily({ assetClass, exchange, ...context })) return undefined;
  const band = DAILY_BAND.get(exchange);
  return band === undefined ? undefined : band + BAND_ALLOWANCE;
}

/**
 * The band that was in force around a row, at least `currentBand`. Only today's exchange is known, but many
 * shares came from one with a wider band. Splits, bonus issues and dividends only ever lower a price, so an
 * upward move above the current band, other than the one at the row, shows that a wider one applied. Moves
 * above every band show nothing.
 */
export function bandInForce({ close, length }: CandleSeries, row: number, currentBand: number): number {
  const widest = WIDEST_BAND + BAND_ALLOWANCE;
  let largestGain = currentBand;
  const last = Math.min(length - 1, row + WITNESS_ROWS);
  for (let witness = Math.max(1, row - WITNESS_ROWS); witness <= last; witness++) {
    const gain = close[witness]! / close[witness - 1]! - 1;
    if (gain > largestGain && gain <= widest && witness !== row) largestGain = gain;
  }
  for (const band of DAILY_BAND.values()) if (band + BAND_ALLOWANCE >= largestGain) return band + BAND_ALLOWANCE;
  return widest;
}
