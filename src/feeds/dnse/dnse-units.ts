import type { Board } from "../../engine/live-market/board.js";

/**
 * In which units DNSE's payloads count. Prices of shares are in thousand VND and prices of derivatives and indexes in
 * points; that much its documents agree on. Quantities of shares on the boards in `tensBoards` are multiples of
 * `tickFactor` (trades) and `bookFactor` (best prices): its documents do not say so, its samples show tens.
 */
export interface DnseUnits {
  readonly tickFactor: number;
  readonly bookFactor: number;
  readonly tensBoards: ReadonlySet<Board>;
}

export const DNSE_UNITS: DnseUnits = { tickFactor: 10, bookFactor: 10, tensBoards: new Set<Board>(["G1"]) };
