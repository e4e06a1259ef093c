import type { Branded } from "./branded.js";

/** ISO 4217 code. `XXX` means that no currency is involved or known, as the standard says. */
export type CurrencyCode = Branded<string, "CurrencyCode">;

export function currencyCode(value: string): CurrencyCode {
  return value as CurrencyCode;
}
