import type { LIVE_TABLES, LiveTableName } from "../../contracts/live-tables.js";
import type { IndexLevel, PriceLevel, Tick } from "../../engine/live-market/market-event.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";

/** One row of the table `books`. */
export interface BookRow {
  readonly symbol: string;
  readonly side: "B" | "S" | "";
  readonly level: number;
  readonly price: number;
  readonly quantity: number;
  readonly eventTimeMs: number;
}

/** What a row of each table is made from. */
export interface LiveRows {
  readonly ticks: Tick;
  readonly quotes: SymbolQuote;
  readonly books: BookRow;
  readonly indexes: IndexLevel;
}

type Columns<Name extends LiveTableName, Row> = {
  readonly text: Record<(typeof LIVE_TABLES)[Name]["text"][number], (row: Row) => string>;
  readonly numbers: Record<(typeof LIVE_TABLES)[Name]["numbers"][number], (row: Row) => number>;
};

/** How each column of the stream's tables is read from a row. */
export const LIVE_COLUMNS: { readonly [Name in LiveTableName]: Columns<Name, LiveRows[Name]> } = {
  ticks: {
    text: { symbol: (tick) => tick.symbol, board: (tick) => tick.board, side: (tick) => tick.side, session: sessionOf },
    numbers: {
      event_time: (tick) => tick.eventTimeMs,
      received_at: (tick) => tick.receivedAtMs,
      price: (tick) => tick.price,
      quantity: (tick) => tick.quantity,
      cumulative_volume: (tick) => tick.cumulativeVolume,
      backfilled: (tick) => (tick.isBackfill ? 1 : 0),
    },
  },
  quotes: {
    text: { symbol: (quote) => quote.symbol, session: sessionOf },
    numbers: {
      price: (quote) => quote.price,
      reference: (quote) => quote.reference,
      ceiling: (quote) => quote.ceiling,
      floor: (quote) => quote.floor,
      change: (quote) => quote.change,
      open: (quote) => quote.open,
      high: (quote) => quote.high,
      low: (quote) => quote.low,
      last_quantity: (quote) => quote.lastQuantity,
      cumulative_volume: (quote) => quote.cumulativeVolume,
      cumulative_value: (quote) => quote.cumulativeValue,
      odd_lot_volume: (quote) => quote.oddLotVolume,
      put_through_volume: (quote) => quote.putThroughVolume,
      event_time: (quote) => quote.eventTimeMs,
      received_at: (quote) => quote.receivedAtMs,
    },
  },
  books: {
    text: { symbol: (row) => row.symbol, side: (row) => row.side },
    numbers: {
      level: (row) => row.level,
      price: (row) => row.price,
      quantity: (row) => row.quantity,
      event_time: (row) => row.eventTimeMs,
    },
  },
  indexes: {
    text: { symbol: (index) => index.symbol },
    numbers: {
      value: (index) => index.value,
      prior_value: (index) => index.priorValue,
      cumulative_volume: (index) => index.cumulativeVolume,
      cumulative_value: (index) => index.cumulativeValue,
      advances: (index) => index.advances,
      declines: (index) => index.declines,
      unchanged: (index) => index.unchanged,
      at_ceiling: (index) => index.atCeiling,
      at_floor: (index) => index.atFloor,
      event_time: (index) => index.eventTimeMs,
      received_at: (index) => index.receivedAtMs,
    },
  },
};

function sessionOf({ session }: { readonly session: string }): string {
  return session;
}

/** The rows of a quote's book. */
export function bookRows(quote: SymbolQuote): BookRow[] {
  const { symbol, eventTimeMs } = quote;
  const rowsOf = (side: "B" | "S", levels: readonly PriceLevel[]) =>
    levels.map(({ price, quantity }, i): BookRow => ({ symbol, side, level: i + 1, price, quantity, eventTimeMs }));
  const rows = [...rowsOf("B", quote.bids), ...rowsOf("S", quote.asks)];
  return rows.length > 0 ? rows : [{ symbol, side: "", level: 0, price: Number.NaN, quantity: 0, eventTimeMs }];
}
