import type { LiveTableName } from "../../contracts/live-tables.js";
import type { MarketBoard } from "../../engine/live-market/market-board.js";
import type { IndexLevel, Tick } from "../../engine/live-market/market-event.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { ArrowFrameWriter, FrameLabel } from "./arrow-frames.js";
import type { ChangedAt, FastChanges } from "./hub-changes.js";
import type { Interest } from "./hub-interest.js";
import { deflatedFrame, socketFrame } from "./hub-socket-frames.js";
import { bookRows, type LiveRows } from "./live-columns.js";

/** Frames for one interest, one after another, and how many updates of each kind are in them. */
export interface Payload {
  readonly bytes: Buffer | undefined;
  readonly ticks: number;
  readonly quotes: number;
}

/** Larger tables are cut, so that no frame is far beyond a megabyte. */
const ROWS_PER_FRAME = 8_192;

const NOTHING = Buffer.alloc(0);

/** Makes the frames of one flush. What two interests have in common is encoded once. */
export class FlushFrames {
  readonly #writer: ArrowFrameWriter;
  readonly #board: MarketBoard;
  readonly #label: FrameLabel;
  readonly #changes: FastChanges;
  readonly #quotes: ReadonlyMap<InstrumentSymbol, number>;
  readonly #parts = new Map<string, { bytes: Buffer; updates: number }>();

  /** @param quotes updates of quotes by symbol, empty while none are due */
  constructor(
    writer: ArrowFrameWriter,
    board: MarketBoard,
    label: FrameLabel,
    changes: FastChanges,
    quotes: ReadonlyMap<InstrumentSymbol, number>,
  ) {
    this.#writer = writer;
    this.#board = board;
    this.#label = label;
    this.#changes = changes;
    this.#quotes = quotes;
  }

  of(interest: Interest): Payload {
    const ticks = this.#part("ticks", interest.allTicks, interest, () => this.#ticksOf(interest));
    const quotes = this.#part("quotes", interest.allQuotes, interest, () => {
      const symbols = changedOf(this.#quotes, interest.allQuotes, interest);
      return { rows: present(symbols, (symbol) => this.#board.quote(symbol)), updates: total(this.#quotes, symbols) };
    });
    const books = this.#part("books", false, interest, () => {
      const symbols = changedOf(this.#changes.books, false, interest);
      return { rows: booksOf(this.#board, symbols), updates: total(this.#changes.books, symbols) };
    });
    const indexes = this.#part("indexes", interest.allIndexes, interest, () => {
      const symbols = changedOf(this.#changes.indexes, interest.allIndexes, interest);
      return {
        rows: present(symbols, (symbol) => this.#board.index(symbol)),
        updates: total(this.#changes.indexes, symbols),
      };
    });
    const parts = [ticks, quotes, books, indexes].filter(({ bytes }) => bytes.length > 0);
    return {
      bytes: parts.length > 1 ? Buffer.concat(parts.map(({ bytes }) => bytes)) : parts[0]?.bytes,
      ticks: ticks.updates,
      quotes: quotes.updates + books.updates + indexes.updates,
    };
  }

  #part<Name extends LiveTableName>(
    table: Name,
    isWhole: boolean,
    { symbolsKey }: Interest,
    find: () => { rows: readonly LiveRows[Name][]; updates: number },
  ): { bytes: Buffer; updates: number } {
    if (!isWhole && symbolsKey === "") return { bytes: NOTHING, updates: 0 };
    const key = isWhole ? table : `${table} ${symbolsKey}`;
    let part = this.#parts.get(key);
    if (!part) {
      const { rows, updates } = find();
      const bytes = rows.length === 0 ? NOTHING : Buffer.concat(tableFrames(this.#writer, table, rows, this.#label));
      part = { bytes, updates };
      this.#parts.set(key, part);
    }
    return part;
  }

  #ticksOf(interest: Interest): { rows: readonly Tick[]; updates: number } {
    const { ticks, ticksOf } = this.#changes;
    if (interest.allTicks) return { rows: ticks, updates: ticks.length };
    const places = changedOf(ticksOf, false, interest).flatMap((symbol) => ticksOf.get(symbol)!);
    const rows = places.sort((a, b) => a - b).map((place) => ticks[place]!);
    return { rows, updates: rows.length };
  }
}

/** Frames of a state, as they are and compressed. */
export class StateFrames {
  readonly #frames: readonly Buffer[];
  #plain: Buffer | undefined;
  #deflated: Buffer | undefined;

  constructor(frames: readonly Buffer[]) {
    this.#frames = frames;
  }

  get plain(): Buffer {
    this.#plain ??= Buffer.concat(this.#frames);
    return this.#plain;
  }

  /** The same with each frame of more than `aboveBytes` compressed. */
  deflated(aboveBytes: number): Buffer {
    this.#deflated ??= Buffer.concat(
      this.#frames.map((frame) => (frame.length > aboveBytes ? deflatedFrame(payloadOf(frame)) : frame)),
    );
    return this.#deflated;
  }
}

/** The present state of what `interest` asks for. Tables of quotes come even when they are empty. */
export function snapshotFrames(
  writer: ArrowFrameWriter,
  board: MarketBoard,
  interest: Interest,
  label: Omit<FrameLabel, "isSnapshot">,
): StateFrames {
  const whole = { ...label, isSnapshot: true };
  const frames: Buffer[] = [];
  if (interest.allQuotes || interest.symbols.size > 0) {
    const quotes = interest.allQuotes ? Array.from(board.quotes()) : quotesOf(board, interest.symbols);
    frames.push(...tableFrames(writer, "quotes", quotes, whole));
  }
  const books = booksOf(board, interest.symbols);
  if (books.length > 0) frames.push(...tableFrames(writer, "books", books, whole));
  const indexes = interest.allIndexes
    ? Array.from(board.indexes())
    : present(interest.symbols, (symbol) => board.index(symbol));
  if (interest.allIndexes || indexes.length > 0) frames.push(...tableFrames(writer, "indexes", indexes, whole));
  return new StateFrames(frames);
}

/** The present state of what has changed after `sequence`, for a client that was too slow. */
export function catchUpFrames(
  writer: ArrowFrameWriter,
  board: MarketBoard,
  interest: Interest,
  changedAt: ChangedAt,
  sequence: number,
  label: Omit<FrameLabel, "isSnapshot">,
): Payload {
  const changes = { ...label, isSnapshot: false };
  const quotes = present(changedAfter(changedAt.quotes, sequence, interest.allQuotes, interest), (symbol) =>
    board.quote(symbol),
  );
  const bookSymbols = changedAfter(changedAt.books, sequence, false, interest);
  const indexes = present(changedAfter(changedAt.indexes, sequence, interest.allIndexes, interest), (symbol) =>
    board.index(symbol),
  );
  const frames = [
    ...(quotes.length > 0 ? tableFrames(writer, "quotes", quotes, changes) : []),
    ...(bookSymbols.length > 0 ? tableFrames(writer, "books", booksOf(board, bookSymbols), changes) : []),
    ...(indexes.length > 0 ? tableFrames(writer, "indexes", indexes, changes) : []),
  ];
  return {
    bytes: frames.length > 0 ? Buffer.concat(frames) : undefined,
    ticks: 0,
    quotes: quotes.length + bookSymbols.length + indexes.length,
  };
}

/** Trades that were missed. A client that is cut off between two of the frames still resumes after `fromSequence`. */
export function missedTicksFrames(
  writer: ArrowFrameWriter,
  ticks: readonly Tick[],
  fromSequence: number,
  label: Omit<FrameLabel, "isSnapshot">,
): StateFrames {
  if (ticks.length === 0) return new StateFrames([]);
  return new StateFrames(tableFrames(writer, "ticks", ticks, { ...label, isSnapshot: false }, fromSequence));
}

/** Whether a trade of the symbol comes to whoever has this interest. */
export function wantsTicksOf(interest: Interest, symbol: InstrumentSymbol): boolean {
  return interest.allTicks || interest.symbols.has(symbol);
}

function tableFrames<Name extends LiveTableName>(
  writer: ArrowFrameWriter,
  table: Name,
  rows: readonly LiveRows[Name][],
  label: FrameLabel,
  fromSequence = label.sequence,
): Buffer[] {
  const frames: Buffer[] = [];
  for (let from = 0; from === 0 || from < rows.length; from += ROWS_PER_FRAME) {
    const isLast = from + ROWS_PER_FRAME >= rows.length;
    const part = rows.length <= ROWS_PER_FRAME ? rows : rows.slice(from, from + ROWS_PER_FRAME);
    const partLabel = isLast ? label : { ...label, sequence: fromSequence };
    frames.push(socketFrame("binary", writer.write(table, part, partLabel)));
  }
  return frames;
}

function payloadOf(frame: Buffer): Buffer {
  const length = frame[1]!;
  return frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10);
}

function quotesOf(board: MarketBoard, symbols: Iterable<InstrumentSymbol>): SymbolQuote[] {
  return present(symbols, (symbol) => board.quote(symbol));
}

/** Rows of the books; a symbol of which nothing is known has none. */
function booksOf(board: MarketBoard, symbols: Iterable<InstrumentSymbol>) {
  return quotesOf(board, symbols).flatMap(bookRows);
}

function present<Value extends SymbolQuote | IndexLevel>(
  symbols: Iterable<InstrumentSymbol>,
  find: (symbol: InstrumentSymbol) => Value | undefined,
): Value[] {
  const found: Value[] = [];
  for (const symbol of symbols) {
    const value = find(symbol);
    if (value) found.push(value);
  }
  return found;
}

function changedOf(
  changed: ReadonlyMap<InstrumentSymbol, unknown>,
  isWhole: boolean,
  { symbols }: Interest,
): InstrumentSymbol[] {
  if (isWhole) return Array.from(changed.keys());
  if (symbols.size > changed.size) return Array.from(changed.keys()).filter((symbol) => symbols.has(symbol));
  return Array.from(symbols).filter((symbol) => changed.has(symbol));
}

function changedAfter(
  changedAt: ReadonlyMap<InstrumentSymbol, number>,
  sequence: number,
  isWhole: boolean,
  interest: Interest,
): InstrumentSymbol[] {
  return changedOf(changedAt, isWhole, interest).filter((symbol) => changedAt.get(symbol)! > sequence);
}

function total(updates: ReadonlyMap<InstrumentSymbol, number>, symbols: readonly InstrumentSymbol[]): number {
  return symbols.reduce((sum, symbol) => sum + updates.get(symbol)!, 0);
}
