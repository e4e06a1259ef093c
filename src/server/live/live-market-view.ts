import type { FeedStatusMessage } from "../../contracts/live-protocol.js";
import type { IndexLevel } from "../../engine/live-market/market-event.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";

/** What answers need of the market as this process knows it. */
export interface LiveMarketView {
  status(): FeedStatusMessage;
  readonly board: {
    quotes(): Iterable<SymbolQuote>;
    indexes(): Iterable<IndexLevel>;
  };
}
