import { WorkbenchError } from "../errors.js";

/** Money in major units of one currency; `lotSize` in shares. */
export interface SizeOptions {
  readonly equity: number;
  readonly price: number;
  readonly lotSize: number;
}

/**
 * The largest multiple of the lot that is not above the given number of shares; 0 for less than a lot. What lies within
 * a billionth of a lot below a whole one counts as whole, since it is there by rounding.
 */
export function wholeLots(shares: number, lotSize: number): number {
  return Math.max(0, Math.floor(shares / lotSize + 1e-9)) * lotSize;
}

/** fraction × equity / price in whole lots. @throws ARGUMENT_INVALID */
export function fractionSize({ equity, price, lotSize }: SizeOptions, fraction: number): number {
  requireMoney({ equity, price });
  return wholeLots((fraction * equity) / price, lotSize);
}

/**
 * Shares of which a fall from the price to the stop, or a rise in the case of a short position, costs `risk` × equity:
 * risk × equity / |price − stop|, worth at most `most` × equity, in whole lots. Fixed fractional sizing (Vince,
 * Portfolio Management Formulas, 1990). @throws ARGUMENT_INVALID, also for a stop at the price
 */
export function riskSize(
  { equity, price, lotSize }: SizeOptions,
  { stop, risk, most }: { readonly stop: number; readonly risk: number; readonly most: number },
): number {
  requireMoney({ equity, price });
  const lossPerShare = Math.abs(price - stop);
  if (!(lossPerShare > 0)) throw invalid("stop", stop, "a price other than the present one");
  return wholeLots(Math.min((risk * equity) / lossPerShare, (most * equity) / price), lotSize);
}

/**
 * Shares that add the volatility `target` to the equity: (target / volatility) × equity / price, worth at most
 * `most` × equity, in whole lots. Both volatilities are of one horizon, as fractions. @throws ARGUMENT_INVALID
 */
export function volatilitySize(
  { equity, price, lotSize }: SizeOptions,
  { volatility, target, most }: { readonly volatility: number; readonly target: number; readonly most: number },
): number {
  requireMoney({ equity, price });
  if (!(volatility > 0 && volatility < Infinity)) throw invalid("volatility", volatility, "a number above 0");
  return wholeLots((Math.min(target / volatility, most) * equity) / price, lotSize);
}

function requireMoney({ equity, price }: { readonly equity: number; readonly price: number }): void {
  if (!Number.isFinite(equity)) throw invalid("equity", equity, "a number");
  if (!(price > 0 && price < Infinity)) throw invalid("price", price, "a number above 0");
}

function invalid(field: string, value: number, accepted: string): WorkbenchError {
  return new WorkbenchError("ARGUMENT_INVALID", `invalid ${field}: ${value} (accepted: ${accepted})`, {
    details: { [field]: value },
  });
}
