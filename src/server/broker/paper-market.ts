import type { Instrument } from "../../engine/market-data/instrument.js";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { KnownQuote } from "../../engine/workflow/node-services.js";

/** What the paper broker needs of the market. */
export interface PaperMarket {
  instrument(symbol: string): Promise<Instrument | undefined>;
  /** The last price that was known by an instant. */
  lastPrice(instrument: Instrument, asOfMs: EpochMs): Promise<KnownQuote | undefined>;
}
