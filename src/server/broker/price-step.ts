import type { TickRule } from "../../engine/market-data/instrument.js";

/**
 * The step between prices that an exchange accepts at a price, in major units; `undefined` where none is stated. HOSE:
 * 10 dong below 10,000, 50 below 50,000, 100 from there on; HNX and UPCOM 100 dong; index futures 0.1 points.
 */
export function priceStep(rule: TickRule, price: number): number | undefined {
  switch (rule) {
    case "hose-equity":
      if (price < 10_000) return 10;
      return price < 50_000 ? 50 : 100;
    case "fixed-100":
      return 100;
    case "fixed-0.1":
      return 0.1;
    case "none":
      return undefined;
  }
}

/** Prices are decimals: a step of 0.1 has no exact double. */
const ROUNDING = 1e-6;

export function isOnStep(price: number, step: number): boolean {
  const steps = price / step;
  return Math.abs(steps - Math.round(steps)) < ROUNDING;
}
