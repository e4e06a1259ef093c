import type { Board } from "../../engine/live-market/board.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";

/** Quantities of some markets are fractions; eight decimals add up exactly as integers. */
const UNITS = 100_000_000;

interface DayVolume {
  readonly fromMs: number;
  units: number;
}

/**
 * Cumulative volume of a symbol's board on the trading date, for tapes that do not carry it. Counts of one tape are
 * the same in every reading of it.
 */
export class RunningVolume {
  readonly #days = new Map<string, DayVolume>();

  /** The volume of the day so far with this trade. */
  add(symbol: InstrumentSymbol, board: Board, eventTimeMs: number, quantity: number): number {
    const key = `${board} ${symbol}`;
    let day = this.#days.get(key);
    if (day === undefined || eventTimeMs < day.fromMs || eventTimeMs >= day.fromMs + MS_PER_DAY) {
      day = { fromMs: tradingDateToEpochMs(tradingDateOf(eventTimeMs)), units: 0 };
      this.#days.set(key, day);
    }
    day.units += Math.round(quantity * UNITS);
    return day.units / UNITS;
  }
}
