import { WorkbenchError } from "../errors.js";
import type { Board } from "../live-market/board.js";
import type { CandleColumns, CandleSeries } from "../market-data/candle-columns.js";
import { isWorkingDate } from "../market-data/holiday-calendar.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { EpochMs } from "../units/epoch-ms.js";
import { type TradingDate, tradingDateToEpochMs } from "../units/trading-date.js";
import { hosePriceLimits } from "./hose-prices.js";
import { SIMULATED_INDEXES } from "./index-candles.js";
import { offBoardTrades } from "./off-board-trades.js";
import { DEMO_SEED, simulateMarket } from "./simulate-market.js";
import { SIMULATED_SHARES } from "./simulated-shares.js";

/** A trade of odd lots or a put-through deal. */
export interface OffBoardTrade {
  readonly board: Board;
  /** Minute of the day, from 00:00, and milliseconds into it. */
  readonly minute: number;
  readonly offsetMs: number;
  readonly price: number;
  readonly quantity: number;
  readonly cumulativeVolume: number;
}

/** What a share's events of one day are drawn from. Prices in VND, volumes in shares. */
export interface SimulatedShareDay {
  readonly symbol: InstrumentSymbol;
  readonly reference: number;
  readonly ceiling: number;
  readonly floor: number;
  /** One row for each of `SESSION_MINUTES`. */
  readonly minutes: CandleSeries;
  /** Volume of all minutes before each row, and of the whole day behind the last. */
  readonly volumeBefore: Float64Array;
  /** Ascending by time on each board. */
  readonly offBoardTrades: readonly OffBoardTrade[];
}

export interface SimulatedIndexDay {
  readonly symbol: InstrumentSymbol;
  readonly priorValue: number;
  readonly minutes: CandleSeries;
  readonly volumeBefore: Float64Array;
}

/** A day of the demo market with everything its events depend on. */
export interface SimulatedDay {
  readonly seed: number;
  readonly date: TradingDate;
  /** 00:00 Asia/Ho_Chi_Minh. */
  readonly startsAtMs: EpochMs;
  readonly shares: readonly SimulatedShareDay[];
  readonly indexes: readonly SimulatedIndexDay[];
  /** VND traded on round lots before each row of `SESSION_MINUTES`, and on the whole day behind the last. */
  readonly valueBefore: Float64Array;
}

/**
 * Prepares a day of the demo market: the minute candles that `simulateMarket` makes for it, and what happened
 * before it.
 *
 * @throws DATE_INVALID when HOSE does not trade on that date; RANGE_INVALID before the second day of the simulation
 */
export function simulateDay({
  seed = DEMO_SEED,
  date,
}: {
  readonly seed?: number | undefined;
  readonly date: TradingDate;
}): SimulatedDay {
  if (!isWorkingDate("hose", date)) {
    throw new WorkbenchError("DATE_INVALID", `invalid date: ${date} (accepted: a trading day of HOSE)`, {
      details: { value: date },
    });
  }
  const { daily, minutes, tradingDaysMs } = simulateMarket({ seed, endDate: date, minuteDays: 1 });
  if (tradingDaysMs.length < 2) {
    throw new WorkbenchError(
      "RANGE_INVALID",
      `invalid date: ${date} (accepted: a day after the first of the simulation)`,
      {
        details: { value: date },
      },
    );
  }
  const shares = SIMULATED_SHARES.map(({ symbol }): SimulatedShareDay => {
    const reference = seriesOf(daily, symbol).close.at(-2)!;
    const limits = hosePriceLimits(reference);
    const candles = seriesOf(minutes, symbol);
    return {
      symbol,
      reference,
      ...limits,
      minutes: candles,
      volumeBefore: runningTotal(candles.volume),
      offBoardTrades: offBoardTrades({ seed, date, symbol, ...limits, minutes: candles }),
    };
  });
  const indexes = SIMULATED_INDEXES.map(({ symbol }): SimulatedIndexDay => {
    const candles = seriesOf(minutes, symbol);
    const priorValue = seriesOf(daily, symbol).close.at(-2)!;
    return { symbol, priorValue, minutes: candles, volumeBefore: runningTotal(candles.volume) };
  });
  const valueOfMinute = shares[0]!.minutes.close.map((_, row) =>
    shares.reduce(
      (sum, { minutes: { open, close, volume } }) => sum + ((open[row]! + close[row]!) / 2) * volume[row]!,
      0,
    ),
  );
  const startsAtMs = tradingDateToEpochMs(date);
  return { seed, date, startsAtMs, shares, indexes, valueBefore: runningTotal(valueOfMinute) };
}

function seriesOf(columns: CandleColumns, symbol: InstrumentSymbol): CandleSeries {
  const code = columns.symbols.indexOf(symbol);
  const from = columns.symbolCodes.indexOf(code);
  const to = columns.symbolCodes.lastIndexOf(code) + 1;
  const rows = (column: Float64Array) => column.slice(from, to);
  return {
    length: to - from,
    openedAtMs: rows(columns.openedAtMs),
    open: rows(columns.open),
    high: rows(columns.high),
    low: rows(columns.low),
    close: rows(columns.close),
    volume: rows(columns.volume),
  };
}

/** Sum of all values before each, and of all values behind the last. */
function runningTotal(values: Float64Array): Float64Array {
  const totals = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) totals[i + 1] = totals[i]! + values[i]!;
  return totals;
}
