import type { TickSide } from "../../engine/live-market/market-event.js";
import { createCsvTape } from "./csv-tape.js";
import { RunningVolume } from "./running-volume.js";
import { instantOfMicroseconds } from "./tape-instant.js";
import type { TickTape } from "./tick-tape.js";

export const TRADES_COLUMNS = [
  "exchange",
  "symbol",
  "timestamp",
  "local_timestamp",
  "id",
  "side",
  "price",
  "amount",
] as const;

const SIDES: ReadonlyMap<string, TickSide> = new Map([
  ["buy", "B"],
  ["sell", "S"],
  ["unknown", "U"],
]);

/**
 * Trades of a crypto exchange, one per row: times of trade and receipt in epoch microseconds, side of the aggressor.
 * They are ticks on board `MAIN` of a market that never closes, with the volume traded so far on their trading date.
 * See https://docs.tardis.dev/downloadable-csv-files (trades)
 */
export function createTradesTape(path: string): TickTape {
  return createCsvTape({
    path,
    description: "recorded trades",
    dataset: "market",
    createReader: (columns) => {
      const symbol = columns.symbol("symbol");
      const tradedAt = columns.parsed("timestamp", "epoch microseconds", parseMicroseconds);
      const receivedAt = columns.parsed("local_timestamp", "epoch microseconds", parseMicroseconds);
      const side = columns.oneOf("side", SIDES);
      const price = columns.positive("price");
      const amount = columns.positive("amount");
      const volumes = new RunningVolume();
      return (row, into) => {
        const eventTimeMs = tradedAt(row);
        const quantity = amount(row);
        const name = symbol(row);
        into.push({
          kind: "tick",
          symbol: name,
          board: "MAIN",
          eventTimeMs,
          receivedAtMs: receivedAt(row),
          price: price(row),
          quantity,
          cumulativeVolume: volumes.add(name, "MAIN", eventTimeMs, quantity),
          side: side(row),
          session: "continuous",
          source: "replay",
          isBackfill: false,
        });
      };
    },
  });
}

function parseMicroseconds(text: string): number | undefined {
  return /^\d{15,16}$/.test(text) ? instantOfMicroseconds(Number(text)) : undefined;
}
