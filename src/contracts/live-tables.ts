/*
 * Tables of the stream: one Arrow IPC stream with one record batch in each binary frame. Instants are `float64` UTC
 * epoch milliseconds (fractions hold whole microseconds), symbols are `utf8`, everything else is `float64` unless it
 * is listed as text. `NaN` means no value.
 */

/** Keys of the schema metadata of every binary frame. */
export const LIVE_METADATA_KEYS = {
  table: "quantflow.table",
  epoch: "quantflow.epoch",
  /** The sequence up to which this client has now seen its channels: decimal, with leading zeros to 16 digits. */
  sequence: "quantflow.sequence",
  /** `1` when the rows are the present state rather than what has changed. */
  snapshot: "quantflow.snapshot",
  dataset: "quantflow.dataset",
} as const;

export const LIVE_TABLES = {
  /** One row a trade, in the order of receipt. */
  ticks: {
    text: ["symbol", "board", "side", "session"],
    numbers: ["event_time", "received_at", "price", "quantity", "cumulative_volume", "backfilled"],
  },
  /** One row a symbol: its `SymbolQuote`. */
  quotes: {
    text: ["symbol", "session"],
    numbers: [
      "price",
      "reference",
      "ceiling",
      "floor",
      "change",
      "open",
      "high",
      "low",
      "last_quantity",
      "cumulative_volume",
      "cumulative_value",
      "odd_lot_volume",
      "put_through_volume",
      "event_time",
      "received_at",
    ],
  },
  /**
   * One row a level of a book, best first from level 1; a symbol's rows replace its former ones. Side is `B` or `S`.
   * A book that has become empty is one row of level 0 without a price.
   */
  books: {
    text: ["symbol", "side"],
    numbers: ["level", "price", "quantity", "event_time"],
  },
  /** One row an index. */
  indexes: {
    text: ["symbol"],
    numbers: [
      "value",
      "prior_value",
      "cumulative_volume",
      "cumulative_value",
      "advances",
      "declines",
      "unchanged",
      "at_ceiling",
      "at_floor",
      "event_time",
      "received_at",
    ],
  },
} as const;

export type LiveTableName = keyof typeof LIVE_TABLES;
