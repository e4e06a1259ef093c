import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { PriceLevel } from "./market-event.js";
import type { SessionPhase } from "./session-phase.js";

/**
 * A symbol's day so far, from the price-forming boards. Prices in major units or points, `NaN` before the first
 * trade (or where no reference price is known); volumes in shares or contracts.
 */
export interface SymbolQuote {
  readonly symbol: InstrumentSymbol;
  readonly price: number;
  readonly reference: number;
  readonly ceiling: number;
  readonly floor: number;
  /** Price over reference minus one, a fraction. */
  readonly change: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly lastQuantity: number;
  readonly cumulativeVolume: number;
  /**
   * Sum of price × quantity of the trades seen, or what an index publishes; major units of the currency. Of a derivative
   * it lacks the contract's multiplier: points × contracts.
   */
  readonly cumulativeValue: number;
  /** Traded on other boards today: odd lots and put-through, shares. */
  readonly oddLotVolume: number;
  readonly putThroughVolume: number;
  readonly session: SessionPhase;
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
  readonly eventTimeMs: number;
  readonly receivedAtMs: number;
}
