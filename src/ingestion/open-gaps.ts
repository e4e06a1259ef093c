import type { Board } from "../engine/live-market/board.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDateOf } from "../engine/units/trading-date.js";

/** Volume that is missing behind `volumeBefore`, up to `volumeAfter`. */
export interface GapRange {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly tradingDate: TradingDate;
  readonly volumeBefore: number;
  readonly volumeAfter: number;
}

const MOST_GAPS = 50_000;

/**
 * The gaps that are known and not filled, at most 50,000: what is beyond them is known to the database alone, which
 * costs a late trade in such a gap its place until it is backfilled.
 */
export class OpenGaps {
  /** By symbol and board, then by id. */
  readonly #gaps = new Map<string, Map<string, GapRange>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  static idOf({ symbol, board, tradingDate, volumeBefore, volumeAfter }: GapRange): string {
    return `${symbol} ${board} ${tradingDate} ${volumeBefore} ${volumeAfter}`;
  }

  /** @returns whether it is a new one */
  add(gap: GapRange): boolean {
    if (this.#size >= MOST_GAPS) return false;
    const key = boardKey(gap.symbol, gap.board);
    let ofBoard = this.#gaps.get(key);
    if (!ofBoard) {
      ofBoard = new Map();
      this.#gaps.set(key, ofBoard);
    }
    const id = OpenGaps.idOf(gap);
    if (ofBoard.has(id)) return false;
    ofBoard.set(id, gap);
    this.#size++;
    return true;
  }

  delete(gap: GapRange): boolean {
    const key = boardKey(gap.symbol, gap.board);
    const ofBoard = this.#gaps.get(key);
    if (!ofBoard?.delete(OpenGaps.idOf(gap))) return false;
    if (ofBoard.size === 0) this.#gaps.delete(key);
    this.#size--;
    return true;
  }

  *all(): Generator<GapRange> {
    for (const ofBoard of this.#gaps.values()) yield* ofBoard.values();
  }

  /** Whether a trade lies in an open gap: it may not be stored although others around it are. */
  holds(trade: { symbol: InstrumentSymbol; board: Board; eventTimeMs: number; cumulativeVolume: number }): boolean {
    const ofBoard = this.#gaps.get(boardKey(trade.symbol, trade.board));
    if (!ofBoard) return false;
    const tradingDate = tradingDateOf(trade.eventTimeMs);
    for (const gap of ofBoard.values()) {
      const isInside = trade.cumulativeVolume > gap.volumeBefore && trade.cumulativeVolume <= gap.volumeAfter;
      if (isInside && gap.tradingDate === tradingDate) return true;
    }
    return false;
  }
}

function boardKey(symbol: InstrumentSymbol, board: Board): string {
  return `${symbol} ${board}`;
}
