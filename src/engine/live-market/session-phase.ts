/**
 * What a market is doing: `pre-open`, opening auction `ato`, `continuous` matching, `lunch`, closing auction `atc`,
 * trading at the closing price `plo`, `put-through` only, `halt`, `closed`.
 */
export const SESSION_PHASES = [
  "pre-open",
  "ato",
  "continuous",
  "lunch",
  "atc",
  "plo",
  "put-through",
  "halt",
  "closed",
] as const;

export type SessionPhase = (typeof SESSION_PHASES)[number];
