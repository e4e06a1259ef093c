import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { EpochMs } from "../units/epoch-ms.js";

/**
 * What a quality check can find. A finding describes stored or imported rows; it never changes them.
 *
 * - `duplicate-row`: the same symbol and time twice in one file; the first row was kept.
 * - `conflicting-row`: a stored candle has other values; the stored one was kept.
 * - `missing-close`: a row without a close; not stored, since a candle needs one.
 * - `missing-value`: a row with a close in which another price is missing, in a file that has that column.
 * - `calendar-gap`: trading days between two candles on which the symbol has none.
 * - `non-positive-price`: a price of zero or less.
 * - `ohlc-violation`: open or close outside [low, high], or low above high.
 * - `zero-volume`: no volume on a candle of a file that has volumes.
 * - `split-like-jump`: a lasting fall of a share beyond its price band, or without a band one near a usual split
 *   ratio: an unadjusted split, bonus issue, rights issue or large dividend.
 * - `price-jump`: a return beyond the band or far beyond the symbol's own scale; a warning when the next candle
 *   takes it back (a corrupt row), else for information (news, a change of exchange, a futures roll).
 * - `unit-break`: a level change near a power of ten (thousand VND against VND), with the rows it lasts.
 * - `weekend-row`: a daily candle dated Saturday or Sunday.
 */
export const FINDING_KINDS = [
  "duplicate-row",
  "conflicting-row",
  "missing-close",
  "missing-value",
  "calendar-gap",
  "non-positive-price",
  "ohlc-violation",
  "zero-volume",
  "split-like-jump",
  "price-jump",
  "unit-break",
  "weekend-row",
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export const FINDING_SEVERITIES = ["info", "warning", "error"] as const;

export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  readonly symbol: InstrumentSymbol;
  /** First and last candle concerned; equal for a finding about one row. */
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  /** How many rows (or, for `calendar-gap`, trading days) the finding covers. */
  readonly count: number;
  /** One sentence with the figures a person needs to judge it. */
  readonly message: string;
}
