import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { DatabaseSession } from "../../store/database.js";
import { listInstruments } from "../../store/queries/instrument-queries.js";
import { readKnownQuotes } from "../workflows/services/known-quotes.js";
import type { PaperMarket } from "./paper-market.js";

/** The market of the store, and of the live market where there is one. */
export function storedPaperMarket(
  session: DatabaseSession,
  dataset: Dataset,
  live: Iterable<SymbolQuote> = [],
): PaperMarket {
  return {
    async instrument(symbol) {
      return (await listInstruments(session, dataset)).find((instrument) => instrument.symbol === symbol);
    },
    async lastPrice(instrument, asOfMs) {
      const [quote] = await readKnownQuotes(session, { dataset, instruments: [instrument], asOfMs, live });
      return quote;
    },
  };
}
