import { type DnsePayload, positiveNumber } from "./payload-fields.js";

/** Shares are quoted in thousand VND, everything else in points. */
export type PriceUnit = "thousand-vnd" | "points";

/**
 * Thousand VND to VND without the dust of binary fractions, for up to six decimals: 16.1 is 16100 and not
 * 16100.000000000002.
 */
export function thousandsToVnd(thousands: number): number {
  return Math.round(thousands * 1e6) / 1e3;
}

/** Billions of VND to whole VND. */
export function billionsToVnd(billions: number): number {
  return Math.round(billions * 1e9);
}

/** A price in VND or points. */
export function priceIn(unit: PriceUnit, value: number): number {
  return unit === "points" ? value : thousandsToVnd(value);
}

export function readPrice(payload: DnsePayload, names: readonly string[], unit: PriceUnit): number {
  return priceIn(unit, positiveNumber(payload, names));
}
