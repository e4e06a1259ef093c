import { priceBand } from "../market-data/exchange-conventions.js";

const BAND = priceBand("HOSE") ?? 0;

/** Price step of a share on HOSE, VND: 10 below 10,000, 50 below 50,000, 100 from there on. */
export function hosePriceStep(price: number): number {
  if (price < 10_000) return 10;
  return price < 50_000 ? 50 : 100;
}

/** The acceptable price next above or below an acceptable one. */
export function nextHosePrice(price: number, direction: 1 | -1): number {
  return direction === 1 ? price + hosePriceStep(price) : price - hosePriceStep(price - 1);
}

/** The nearest price that HOSE accepts. */
export function roundToHoseStep(price: number): number {
  const step = hosePriceStep(price);
  return Math.round(price / step) * step;
}

/** Lowest and highest price of a day: the reference price ±7%, rounded inwards to the step. */
export function hosePriceLimits(referencePrice: number): { readonly floor: number; readonly ceiling: number } {
  const lowest = referencePrice * (1 - BAND);
  const highest = referencePrice * (1 + BAND);
  // A product such as 20,000 × 1.07 may miss the step it stands for by a rounding error.
  const margin = 1e-9;
  const floorStep = hosePriceStep(lowest);
  const ceilingStep = hosePriceStep(highest);
  return {
    floor: Math.ceil(lowest / floorStep - margin) * floorStep,
    ceiling: Math.floor(highest / ceilingStep + margin) * ceilingStep,
  };
}
