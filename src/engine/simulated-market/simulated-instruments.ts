import type { CandleSeries } from "../market-data/candle-columns.js";
import type { Instrument } from "../market-data/instrument.js";
import { inferInstrumentConventions } from "../market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { tradingDateOf } from "../units/trading-date.js";
import { SIMULATED_INDEXES } from "./index-candles.js";
import { SIMULATED_COMMODITIES } from "./simulated-commodities.js";
import { SIMULATED_SHARES } from "./simulated-shares.js";

const NOT_A_SHARE = { marketCap: undefined, marketCapDate: undefined } as const;

/** The instruments of the demo market; capitalisations are simulated, at each share's last close. */
export function simulatedInstruments(daily: ReadonlyMap<InstrumentSymbol, CandleSeries>): Instrument[] {
  const shares = SIMULATED_SHARES.map(({ symbol, name, sector, industry, shareCount }): Instrument => {
    const { close, openedAtMs } = daily.get(symbol)!;
    const marketCap = shareCount * close.at(-1)!;
    const marketCapDate = tradingDateOf(openedAtMs.at(-1)!);
    return {
      ...inferInstrumentConventions(symbol, { exchange: "HOSE" }),
      ...{ symbol, name, sector, industry, marketCap, marketCapDate },
    };
  });
  const indexes = SIMULATED_INDEXES.map(
    ({ symbol, name }): Instrument => ({
      ...inferInstrumentConventions(symbol),
      ...{ symbol, name, sector: undefined, industry: undefined },
      ...NOT_A_SHARE,
    }),
  );
  const commodities = SIMULATED_COMMODITIES.map(
    ({ symbol, name, sector, industry }): Instrument => ({
      ...inferInstrumentConventions(symbol),
      ...{ symbol, name, sector, industry },
      ...NOT_A_SHARE,
    }),
  );
  return [...shares, ...indexes, ...commodities];
}
