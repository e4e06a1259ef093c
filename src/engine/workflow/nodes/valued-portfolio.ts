import { majorUnits } from "../../portfolio/minor-units.js";
import type { StepContext } from "../node-handler.js";
import type { HeldPosition } from "../node-services.js";

/** Money in major units of `currency`. */
export interface ValuedPortfolio {
  readonly cash: number;
  readonly currency: string;
  readonly positions: readonly HeldPosition[];
  /** Last known prices in that currency, of positions and other symbols asked for. */
  readonly prices: ReadonlyMap<string, number>;
  /** Positions without a price in that currency. */
  readonly unpriced: readonly string[];
  /** Cash and positions; `undefined` while a position has no price. */
  readonly equity: number | undefined;
}

export async function valuedPortfolio(
  { services, asOfMs, signal }: StepContext,
  otherSymbols: readonly string[] = [],
): Promise<ValuedPortfolio> {
  const { cashMinor, currency, positions } = await services.portfolio.positions(asOfMs, signal);
  const held = positions.filter(({ quantity }) => quantity !== 0);
  const symbols = [...new Set([...held.map(({ symbol }) => symbol), ...otherSymbols])];
  const quotes = symbols.length === 0 ? [] : await services.marketData.quotes(symbols, asOfMs, signal);
  const prices = new Map(
    quotes
      .filter((quote) => quote.currency === currency && quote.price > 0)
      .map(({ symbol, price }) => [symbol, price]),
  );
  const unpriced = held.filter(({ symbol }) => !prices.has(symbol)).map(({ symbol }) => symbol);
  const cash = majorUnits(cashMinor, currency);
  const value = held.reduce((sum, { symbol, quantity }) => sum + quantity * (prices.get(symbol) ?? NaN), 0);
  const equity = unpriced.length === 0 ? cash + value : undefined;
  return { cash, currency, positions: held, prices, unpriced, equity };
}
