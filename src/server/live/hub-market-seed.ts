import { MarketBoard } from "../../engine/live-market/market-board.js";
import type { IndexLevel, ReferencePrice } from "../../engine/live-market/market-event.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import type { Dataset } from "../../engine/market-data/dataset.js";

/** The day so far as the store has it. */
export interface MarketSeed {
  /** Which of the two it is from, for those who ask before the ingester has said so. */
  readonly dataset?: Dataset;
  readonly quotes: readonly SymbolQuote[];
  readonly indexes?: readonly IndexLevel[];
  /** Those of symbols that have not traded yet matter too. */
  readonly references?: readonly ReferencePrice[];
}

export function seededBoard({ quotes, indexes = [], references = [] }: MarketSeed): MarketBoard {
  const board = new MarketBoard();
  for (const quote of quotes) board.seedQuote(quote);
  for (const reference of references) board.seedReference(reference);
  for (const index of indexes) board.apply(index);
  return board;
}
