import { WorkbenchError } from "../errors.js";
import type { CandleColumns, CandleSeries } from "../market-data/candle-columns.js";
import type { Instrument } from "../market-data/instrument.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { type TradingDate, tradingDate } from "../units/trading-date.js";
import { joinSeries } from "./candle-buffer.js";
import { commodityCandles } from "./commodity-candles.js";
import { indexCandles, SIMULATED_INDEXES } from "./index-candles.js";
import { minutesOfMarket } from "./minutes-of-market.js";
import { shareCandles } from "./share-candles.js";
import { simulatedInstruments } from "./simulated-instruments.js";
import { tradingDaysBetween } from "./trading-days.js";

/** First day of the demo market. Fixed, so that the value on a date never depends on the day it is generated for. */
export const SIMULATION_ORIGIN = tradingDate("2021-01-04");

/** Seed of the demo market that the workbench ships. */
export const DEMO_SEED = 42;

export interface SimulationOptions {
  /** Any integer; it counts modulo 2³². */
  readonly seed?: number;
  /** Last date, included when it is a trading day. */
  readonly endDate: TradingDate;
  /** How many of the last trading days of HOSE also get minute candles. */
  readonly minuteDays?: number;
}

export interface SimulatedMarket {
  readonly instruments: readonly Instrument[];
  /** By symbol in the order of `instruments`, then by time. Volumes of spot prices and rates are `NaN`. */
  readonly daily: CandleColumns;
  /** Shares and indexes only, by symbol, then by time. */
  readonly minutes: CandleColumns;
  /** Trading days of HOSE, ascending, each as 00:00 Asia/Ho_Chi_Minh. */
  readonly tradingDaysMs: Float64Array;
}

/**
 * The demo market: invented prices of real names, from `SIMULATION_ORIGIN` to `endDate`. Shares follow a market
 * factor, a sector factor and noise of their own, with volatility clusters and fat tails, on the price steps
 * and within the ±7% band of HOSE; some follow a commodity days later (`PLANTED_LEAD_LAGS`). Indexes are computed
 * from the shares. The minutes of a day aggregate to its daily candle exactly.
 *
 * The same seed gives the same candle on a date, bit for bit, whatever the end date and the minute days. Beyond
 * IEEE arithmetic this rests on Math.log, Math.sin and Math.cos, whose last bit ECMAScript leaves to the engine; a
 * difference there shows only when it decides a rounding to the price step, about once in 10¹² prices.
 *
 * @throws RANGE_INVALID when `endDate` lies before the origin; ARGUMENT_INVALID for another faulty argument
 */
export function simulateMarket({ seed = DEMO_SEED, endDate, minuteDays = 3 }: SimulationOptions): SimulatedMarket {
  requireInteger("seed", seed, Number.MIN_SAFE_INTEGER, "an integer");
  requireInteger("minuteDays", minuteDays, 0, "an integer of at least 0");
  if (endDate < SIMULATION_ORIGIN) {
    throw new WorkbenchError(
      "RANGE_INVALID",
      `invalid endDate: ${endDate} (accepted: a date from ${SIMULATION_ORIGIN} on)`,
      { details: { endDate } },
    );
  }
  const tradingDaysMs = tradingDaysBetween("hose", SIMULATION_ORIGIN, endDate);
  const commodities = commodityCandles(seed, SIMULATION_ORIGIN, endDate);
  const shares = shareCandles(seed, tradingDaysMs, commodities);
  const indexes = new Map<InstrumentSymbol, CandleSeries>(
    SIMULATED_INDEXES.map((index) => [index.symbol, indexCandles(index, shares, tradingDaysMs)]),
  );
  const daily = new Map([...shares, ...indexes, ...commodities]);
  return {
    instruments: simulatedInstruments(daily),
    daily: joinSeries(daily),
    minutes: joinSeries(minutesOfMarket(seed, daily, tradingDaysMs, minuteDays)),
    tradingDaysMs,
  };
}

function requireInteger(field: string, value: number, least: number, accepted: string): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid ${field}: ${value} (accepted: ${accepted})`, {
    details: { [field]: value },
  });
}
