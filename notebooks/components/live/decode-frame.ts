import { type Table, tableFromIPC } from "npm:apache-arrow";
import { LIVE_METADATA_KEYS, LIVE_TABLES, type LiveTableName } from "../../contracts/live-tables.js";
import { BOARDS, type Board } from "../../engine/live-market/board.js";
import {
  type BookTop,
  type IndexLevel,
  type PriceLevel,
  TICK_SIDES,
  type Tick,
  type TickSide,
} from "../../engine/live-market/market-event.js";
import { SESSION_PHASES, type SessionPhase } from "../../engine/live-market/session-phase.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";

/** Where in the stream a frame stands. */
export interface FrameHead {
  readonly epoch: string;
  readonly sequence: number;
  /** The rows are the present state rather than what has changed. */
  readonly isSnapshot: boolean;
  readonly dataset: Dataset;
}

export type LiveFrame = FrameHead &
  (
    | { readonly table: "ticks"; readonly ticks: readonly Tick[] }
    | { readonly table: "quotes"; readonly quotes: readonly SymbolQuote[] }
    | { readonly table: "books"; readonly books: readonly BookTop[] }
    | { readonly table: "indexes"; readonly indexes: readonly IndexLevel[] }
  );

/**
 * Reads one binary frame of the stream; `source` is the feed that its trades and levels are said to come from. Rows
 * that name no symbol are left out; words that are not known become the most general one (`U`, `MAIN`, `closed`).
 * `undefined` for bytes that are no table of the stream.
 */
export function decodeFrame(bytes: ArrayBuffer, source: string): LiveFrame | undefined {
  const table = readTable(bytes);
  const name = table?.schema.metadata.get(LIVE_METADATA_KEYS.table);
  if (!table || !isLiveTable(name)) return undefined;
  const metadata = table.schema.metadata;
  const head: FrameHead = {
    epoch: metadata.get(LIVE_METADATA_KEYS.epoch) ?? "",
    sequence: Number(metadata.get(LIVE_METADATA_KEYS.sequence) ?? 0) || 0,
    isSnapshot: metadata.get(LIVE_METADATA_KEYS.snapshot) === "1",
    dataset: metadata.get(LIVE_METADATA_KEYS.dataset) === "simulated" ? "simulated" : "market",
  };
  const columns = new FrameColumns(table, name);
  switch (name) {
    case "ticks":
      return { ...head, table: name, ticks: readTicks(columns, source) };
    case "quotes":
      return { ...head, table: name, quotes: readQuotes(columns) };
    case "books":
      return { ...head, table: name, books: readBooks(columns) };
    case "indexes":
      return { ...head, table: name, indexes: readIndexes(columns, source) };
  }
}

function readTable(bytes: ArrayBuffer): Table | undefined {
  try {
    return tableFromIPC(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

function isLiveTable(name: string | undefined): name is LiveTableName {
  return name !== undefined && Object.hasOwn(LIVE_TABLES, name);
}

/** Columns by name; one that a server does not send is all missing. */
class FrameColumns {
  readonly length: number;
  readonly #texts = new Map<string, ArrayLike<unknown>>();
  readonly #numbers = new Map<string, ArrayLike<number>>();

  constructor(table: Table, name: LiveTableName) {
    this.length = table.numRows;
    for (const column of LIVE_TABLES[name].text) {
      this.#texts.set(column, Array.from(table.getChild(column) ?? [], String));
    }
    for (const column of LIVE_TABLES[name].numbers) {
      this.#numbers.set(column, (table.getChild(column)?.toArray() ?? []) as ArrayLike<number>);
    }
  }

  text(column: string, row: number): string {
    return String(this.#texts.get(column)?.[row] ?? "");
  }

  number(column: string, row: number): number {
    return this.#numbers.get(column)?.[row] ?? Number.NaN;
  }

  /** The rows that name a symbol. */
  *named(): Iterable<readonly [row: number, symbol: InstrumentSymbol]> {
    for (let row = 0; row < this.length; row++) {
      const symbol = this.text("symbol", row);
      if (SYMBOL_PATTERN.test(symbol)) yield [row, symbol as InstrumentSymbol];
    }
  }
}

function readTicks(columns: FrameColumns, source: string): Tick[] {
  return Array.from(columns.named(), ([row, symbol]) => ({
    kind: "tick",
    symbol,
    board: known<Board>(BOARDS, columns.text("board", row), "MAIN"),
    eventTimeMs: columns.number("event_time", row),
    receivedAtMs: columns.number("received_at", row),
    price: columns.number("price", row),
    quantity: columns.number("quantity", row),
    cumulativeVolume: columns.number("cumulative_volume", row),
    side: known<TickSide>(TICK_SIDES, columns.text("side", row), "U"),
    session: known<SessionPhase>(SESSION_PHASES, columns.text("session", row), "closed"),
    source,
    isBackfill: columns.number("backfilled", row) === 1,
  }));
}

function readQuotes(columns: FrameColumns): SymbolQuote[] {
  return Array.from(columns.named(), ([row, symbol]) => ({
    symbol,
    price: columns.number("price", row),
    reference: columns.number("reference", row),
    ceiling: columns.number("ceiling", row),
    floor: columns.number("floor", row),
    change: columns.number("change", row),
    open: columns.number("open", row),
    high: columns.number("high", row),
    low: columns.number("low", row),
    lastQuantity: columns.number("last_quantity", row),
    cumulativeVolume: columns.number("cumulative_volume", row),
    cumulativeValue: columns.number("cumulative_value", row),
    oddLotVolume: columns.number("odd_lot_volume", row),
    putThroughVolume: columns.number("put_through_volume", row),
    session: known<SessionPhase>(SESSION_PHASES, columns.text("session", row), "closed"),
    bids: [],
    asks: [],
    eventTimeMs: columns.number("event_time", row),
    receivedAtMs: columns.number("received_at", row),
  }));
}

function readBooks(columns: FrameColumns): BookTop[] {
  const books = new Map<InstrumentSymbol, { eventTimeMs: number; bids: PriceLevel[]; asks: PriceLevel[] }>();
  for (const [row, symbol] of columns.named()) {
    const book = books.get(symbol) ?? { eventTimeMs: columns.number("event_time", row), bids: [], asks: [] };
    books.set(symbol, book);
    const level = { price: columns.number("price", row), quantity: columns.number("quantity", row) };
    if (Number.isNaN(level.price)) continue;
    (columns.text("side", row) === "B" ? book.bids : book.asks).push(level);
  }
  return Array.from(books, ([symbol, { eventTimeMs, bids, asks }]) => ({
    kind: "book",
    symbol,
    board: "MAIN",
    eventTimeMs,
    receivedAtMs: eventTimeMs,
    bids,
    asks,
  }));
}

function readIndexes(columns: FrameColumns, source: string): IndexLevel[] {
  return Array.from(columns.named(), ([row, symbol]) => ({
    kind: "index",
    symbol,
    eventTimeMs: columns.number("event_time", row),
    receivedAtMs: columns.number("received_at", row),
    value: columns.number("value", row),
    priorValue: columns.number("prior_value", row),
    cumulativeVolume: columns.number("cumulative_volume", row),
    cumulativeValue: columns.number("cumulative_value", row),
    advances: columns.number("advances", row),
    declines: columns.number("declines", row),
    unchanged: columns.number("unchanged", row),
    atCeiling: columns.number("at_ceiling", row),
    atFloor: columns.number("at_floor", row),
    source,
  }));
}

function known<Word extends string>(words: readonly Word[], word: string, otherwise: Word): Word {
  return words.find((each) => each === word) ?? otherwise;
}
