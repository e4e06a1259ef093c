import type { BookTop, PriceLevel } from "../../engine/live-market/market-event.js";
import type { DnseContext } from "./dnse-context.js";
import { priceUnitOfSymbol } from "./dnse-enums.js";
import { type PriceUnit, priceIn } from "./dnse-prices.js";
import { type DnsePayload, InvalidField, isPayload, numberFrom, present } from "./payload-fields.js";
import { quantityFactor, readEventTime, readPayloadBoard, readPayloadMarket, readSymbol } from "./read-tick.js";

const BID_FIELDS = ["bid", "bids"] as const;
const ASK_FIELDS = ["offer", "offers", "ask", "asks"] as const;
const LEVEL_QUANTITY_FIELDS = ["quantity", "qtty"] as const;

/** Best prices of the channel `top_price`. @throws InvalidField */
export function readBook(payload: DnsePayload, context: DnseContext): BookTop {
  const symbol = readSymbol(payload);
  const board = readPayloadBoard(payload, context);
  const unit = readPayloadMarket(payload)?.priceUnit ?? priceUnitOfSymbol(symbol);
  const factor = quantityFactor(unit, board, context.units, "bookFactor");
  const bids = present(payload, BID_FIELDS);
  const asks = present(payload, ASK_FIELDS);
  if (bids === undefined && asks === undefined) throw new InvalidField("bid and offer", undefined, "a list of levels");
  return {
    kind: "book",
    symbol,
    board,
    eventTimeMs: readEventTime(payload, context),
    receivedAtMs: context.receivedAtMs,
    bids: readLevels("bid", bids, unit, factor).sort((one, other) => other.price - one.price),
    asks: readLevels("offer", asks, unit, factor).sort((one, other) => one.price - other.price),
  };
}

/** Levels that are offered: orders of an auction have no price, and a level without a quantity is empty. */
function readLevels(field: string, value: unknown, unit: PriceUnit, factor: number): PriceLevel[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new InvalidField(field, value, "a list of levels");
  const levels: PriceLevel[] = [];
  for (const level of value) {
    if (level === null) continue;
    if (!isPayload(level)) throw new InvalidField(field, level, "levels of price and quantity");
    const price = numberFrom(level.price ?? 0);
    const quantity = numberFrom(present(level, LEVEL_QUANTITY_FIELDS) ?? 0) * factor;
    if (!(price >= 0 && price < Infinity))
      throw new InvalidField(`${field} price`, level.price, "a number of at least 0");
    if (!(quantity >= 0) || !Number.isSafeInteger(quantity)) {
      throw new InvalidField(
        `${field} quantity`,
        present(level, LEVEL_QUANTITY_FIELDS),
        "a whole number of at least 0",
      );
    }
    if (price > 0 && quantity > 0) levels.push({ price: priceIn(unit, price), quantity });
  }
  return levels;
}
