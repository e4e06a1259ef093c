import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";

/** What a set of channels asks for. Clients with equal interests share their frames. */
export interface Interest {
  /** Equal for equal sets of channels. */
  readonly key: string;
  readonly symbols: ReadonlySet<InstrumentSymbol>;
  /** Equal for equal sets of symbols. */
  readonly symbolsKey: string;
  /** Every trade, every quote, every index level, states of the feed. */
  readonly allTicks: boolean;
  readonly allQuotes: boolean;
  readonly allIndexes: boolean;
  readonly feed: boolean;
}

const PREFIX = "market:";
const WHOLE_MARKET = new Set(["market:ticks", "market:heatmap", "market:indexes"]);

export function interestIn(channels: Iterable<string>): Interest {
  const named = new Set(channels);
  const symbols = Array.from(named)
    .filter((channel) => channel.startsWith(PREFIX) && !WHOLE_MARKET.has(channel))
    .map((channel) => channel.slice(PREFIX.length) as InstrumentSymbol)
    .sort();
  const symbolsKey = symbols.join(" ");
  const flags = [...WHOLE_MARKET, "feed"].map((channel) => (named.has(channel) ? "1" : "0")).join("");
  return {
    key: `${flags} ${symbolsKey}`,
    symbols: new Set(symbols),
    symbolsKey,
    allTicks: named.has("market:ticks"),
    allQuotes: named.has("market:heatmap"),
    allIndexes: named.has("market:indexes"),
    feed: named.has("feed"),
  };
}
