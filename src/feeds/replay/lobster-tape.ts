import type { PriceLevel, TickSide } from "../../engine/live-market/market-event.js";
import { createCsvTape } from "./csv-tape.js";
import { RunningVolume } from "./running-volume.js";
import { parseIsoInstant } from "./tape-instant.js";
import type { TickTape } from "./tick-tape.js";

export const LOBSTER_COLUMNS = [
  "time",
  "symbol",
  "type",
  "order_id",
  "size",
  "price",
  "direction",
  "bid",
  "bid_size",
  "ask",
  "ask_size",
] as const;

/** New order, partial and whole cancellation, visible and hidden execution, cross trade, halt. */
const EVENT_TYPES = new Map([1, 2, 3, 4, 5, 6, 7].map((type) => [String(type), type]));
const VISIBLE_EXECUTION = 4;
const HIDDEN_EXECUTION = 5;

/** The order that was in the book: 1 bought, so its counterparty, the aggressor, sold. */
const AGGRESSORS: ReadonlyMap<string, TickSide> = new Map([
  ["1", "S"],
  ["-1", "B"],
]);

/** LOBSTER writes a side without orders as ±9999999999 of its ten-thousandths of a dollar. */
const NO_PRICE = 999_999;

/**
 * Order-book events in LOBSTER's terms, joined row by row with the best quote after each (prices in dollars, times
 * in ISO 8601 with nanoseconds). Each row is the book's new top; an execution is first a tick on board `MAIN`, with
 * the volume executed so far on its trading date.
 * See https://lobsterdata.com/info/DataStructure.php
 */
export function createLobsterTape(path: string): TickTape {
  return createCsvTape({
    path,
    description: "LOBSTER order-book events",
    dataset: "market",
    createReader: (columns) => {
      const time = columns.parsed("time", "ISO 8601 with a zone", parseIsoInstant);
      const symbol = columns.symbol("symbol");
      const type = columns.oneOf("type", EVENT_TYPES);
      const size = columns.positive("size");
      const price = columns.positive("price");
      const side = columns.oneOf("direction", AGGRESSORS);
      const bidPrice = columns.number("bid");
      const bidSize = columns.number("bid_size");
      const askPrice = columns.number("ask");
      const askSize = columns.number("ask_size");
      const volumes = new RunningVolume();
      return (row, into) => {
        const eventTimeMs = time(row);
        const common = { symbol: symbol(row), board: "MAIN", eventTimeMs, receivedAtMs: eventTimeMs } as const;
        const eventType = type(row);
        if (eventType === VISIBLE_EXECUTION || eventType === HIDDEN_EXECUTION) {
          const quantity = size(row);
          into.push({
            kind: "tick",
            ...common,
            price: price(row),
            quantity,
            cumulativeVolume: volumes.add(common.symbol, "MAIN", eventTimeMs, quantity),
            side: side(row),
            session: "continuous",
            source: "replay",
            isBackfill: false,
          });
        }
        into.push({
          kind: "book",
          ...common,
          bids: level(bidPrice(row), bidSize(row)),
          asks: level(askPrice(row), askSize(row)),
        });
      };
    },
  });
}

function level(price: number, quantity: number): PriceLevel[] {
  return price > 0 && price < NO_PRICE && quantity > 0 ? [{ price, quantity }] : [];
}
