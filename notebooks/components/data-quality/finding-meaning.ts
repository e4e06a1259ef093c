import type { FindingKind, FindingSeverity } from "../../engine/data-quality/finding.js";

interface FindingMeaning {
  readonly label: string;
  /** What it is and what it does to figures made from such rows. */
  readonly meaning: string;
}

export const FINDING_MEANINGS: Readonly<Record<FindingKind, FindingMeaning>> = {
  "duplicate-row": {
    label: "Duplicate row",
    meaning: "The same symbol and day stood twice in one file. The first row was kept, so figures are not affected.",
  },
  "conflicting-row": {
    label: "Conflicting row",
    meaning: "A file gave other values for a stored day. The stored ones were kept; decide which source to trust.",
  },
  "missing-close": {
    label: "Missing close",
    meaning: "A row had no close and was not stored. The day is missing from every return and average.",
  },
  "missing-value": {
    label: "Missing value",
    meaning: "A row lacks an open, high, low or volume. Closes are whole; candles of that day are drawn from the rest.",
  },
  "calendar-gap": {
    label: "Gap",
    meaning: "Trading days without a candle. The return across the gap covers several days and looks like one.",
  },
  "non-positive-price": {
    label: "Price of zero or less",
    meaning: "Log returns are not defined across it and are left out. True for some contracts, an error for shares.",
  },
  "ohlc-violation": {
    label: "Open or close out of range",
    meaning: "The candle contradicts itself, often after back-adjustment. Closes are usable; ranges and ATR are not.",
  },
  "zero-volume": {
    label: "No volume",
    meaning: "Nothing traded, or the source did not know. Liquidity measures and volume-weighted figures suffer.",
  },
  "split-like-jump": {
    label: "Looks like a split",
    meaning: "A jump near a split ratio beyond the price band: prices are probably unadjusted before that day.",
  },
  "price-jump": {
    label: "Price jump",
    meaning:
      "A move far beyond the symbol's own scale. Correlations, volatility and drawdowns may rest on this one row.",
  },
  "unit-break": {
    label: "Unit break",
    meaning: "The level changes by about a power of ten, as from thousand VND to VND. Do not use returns across it.",
  },
  "weekend-row": {
    label: "Weekend row",
    meaning: "A daily candle dated Saturday or Sunday. Joins by date with other markets will not find a partner.",
  },
};

export const SEVERITY_MEANINGS: Readonly<Record<FindingSeverity, string>> = {
  error: "figures made from these rows are probably wrong",
  warning: "some figures are affected; look before using them",
  info: "good to know; figures are not affected",
};

const SEVERITY_ORDER: readonly FindingSeverity[] = ["error", "warning", "info"];

/** 0 for the gravest. */
export function severityRank(severity: FindingSeverity): number {
  return SEVERITY_ORDER.indexOf(severity);
}
