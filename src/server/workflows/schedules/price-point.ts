import { PRICE_FORMING_BOARDS } from "../../../engine/live-market/board.js";
import type { IndexLevel, Tick } from "../../../engine/live-market/market-event.js";

/** A last price, in major units or points, and when it was. */
export interface PricePoint {
  readonly price: number;
  readonly eventTimeMs: number;
  /** Orders trades of the same instant. */
  readonly cumulativeVolume: number;
}

/** Undefined for what makes no last price: odd lots, negotiated deals, and trades fetched from the past. */
export function pricePointOf(event: Tick | IndexLevel): PricePoint | undefined {
  const { eventTimeMs, cumulativeVolume } = event;
  if (event.kind === "index") return { price: event.value, eventTimeMs, cumulativeVolume };
  if (event.isBackfill || !PRICE_FORMING_BOARDS.has(event.board)) return undefined;
  return { price: event.price, eventTimeMs, cumulativeVolume };
}

export function isLater(point: PricePoint, than: PricePoint): boolean {
  if (point.eventTimeMs !== than.eventTimeMs) return point.eventTimeMs > than.eventTimeMs;
  return point.cumulativeVolume > than.cumulativeVolume;
}
