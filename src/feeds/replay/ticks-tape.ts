import { BOARDS } from "../../engine/live-market/board.js";
import { TICK_SIDES } from "../../engine/live-market/market-event.js";
import { SESSION_PHASES } from "../../engine/live-market/session-phase.js";
import type { CsvField } from "./csv-columns.js";
import { createCsvTape } from "./csv-tape.js";
import { RunningVolume } from "./running-volume.js";
import { parseIsoInstant } from "./tape-instant.js";
import type { TickTape } from "./tick-tape.js";

/** Columns a file of ticks must have, and those that it may have. */
export const TICKS_COLUMNS = ["time", "symbol", "price", "quantity"] as const;
export const OPTIONAL_TICKS_COLUMNS = ["board", "cumulative_volume", "side", "session", "received"] as const;

/**
 * Plain ticks, one per row, columns in any order:
 *
 * - `time`: ISO 8601 with a zone, up to nanoseconds, of which microseconds are kept
 * - `symbol`
 * - `price`: major units of the currency, or points
 * - `quantity`: shares or contracts
 * - `board`: default `MAIN`
 * - `cumulative_volume`: of the symbol's board on the trading date, this trade included; counted when absent
 * - `side`: aggressor, `B`, `S` or `U`; default `U`
 * - `session`: default `continuous`
 * - `received`: as `time`; default `time`
 *
 * Other columns are passed over.
 */
export function createTicksTape(path: string): TickTape {
  return createCsvTape({
    path,
    description: "recorded ticks",
    dataset: "market",
    createReader: (columns) => {
      const instant = (name: string) => columns.parsed(name, "ISO 8601 with a zone", parseIsoInstant);
      const optional = <T>(name: string, field: (name: string) => CsvField<T>): CsvField<T> | undefined =>
        columns.has(name) ? field(name) : undefined;
      const choice = <T extends string>(name: string, values: readonly T[], missing: T): CsvField<T> =>
        columns.has(name) ? columns.oneOf(name, new Map(values.map((value) => [value, value]))) : () => missing;
      const time = instant("time");
      const symbol = columns.symbol("symbol");
      const price = columns.positive("price");
      const quantity = columns.positive("quantity");
      const board = choice("board", BOARDS, "MAIN");
      const side = choice("side", TICK_SIDES, "U");
      const session = choice("session", SESSION_PHASES, "continuous");
      const received = optional("received", instant) ?? time;
      const cumulativeVolume = optional("cumulative_volume", (name) => columns.positive(name));
      const volumes = new RunningVolume();
      return (row, into) => {
        const eventTimeMs = time(row);
        const traded = quantity(row);
        const name = symbol(row);
        const where = board(row);
        into.push({
          kind: "tick",
          symbol: name,
          board: where,
          eventTimeMs,
          receivedAtMs: received(row),
          price: price(row),
          quantity: traded,
          cumulativeVolume: cumulativeVolume?.(row) ?? volumes.add(name, where, eventTimeMs, traded),
          side: side(row),
          session: session(row),
          source: "replay",
          isBackfill: false,
        });
      };
    },
  });
}
