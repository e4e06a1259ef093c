import { closingOffsets } from "../market-data/closing-offset.js";
import { exchangeConventions } from "../market-data/exchange-conventions.js";
import type { Instrument } from "../market-data/instrument.js";
import { type InstrumentSymbol, instrumentSymbol } from "../market-data/instrument-symbol.js";
import type { PriceSeries } from "../market-data/price-series.js";
import { MS_PER_DAY } from "../units/epoch-ms.js";
import type { StudySeries } from "./study-series.js";

export type StudyInstrument = Pick<Instrument, "symbol" | "exchange" | "assetClass" | "closeTime" | "closeTimeZone">;

/** Index that stands for the Vietnamese market. */
export const MARKET_INDEX = instrumentSymbol("VNINDEX");
const VIETNAMESE_EXCHANGES: ReadonlySet<string> = new Set(["HOSE", "HNX", "UPCOM"]);

/**
 * Daily prices of an instrument as a study takes them. A close whose time is not known counts as known when its day
 * ends, which is late rather than early.
 */
export function instrumentSeries(instrument: StudyInstrument, { openedAtMs, prices }: PriceSeries): StudySeries {
  const { symbol, closeTime, closeTimeZone, exchange } = instrument;
  const closing =
    closeTime === undefined || closeTimeZone === undefined
      ? { earliestMs: MS_PER_DAY, latestMs: MS_PER_DAY }
      : closingOffsets({ closeTime, closeTimeZone });
  const conventions = exchange === undefined ? undefined : exchangeConventions(exchange);
  const opening =
    conventions?.openTime === undefined
      ? undefined
      : closingOffsets({ closeTime: conventions.openTime, closeTimeZone: conventions.closeTimeZone }).earliestMs;
  return { name: symbol, kind: "prices", openedAtMs, values: prices, closing, sessionOpensAfterMs: opening };
}

/**
 * Factors to partial out when a person names none: the market's index for a Vietnamese share, so that a source which
 * only moves with the whole market does not count as a lead. None for other targets, or when the index is the
 * source or not among the series there are.
 */
export function defaultFactors(
  target: StudyInstrument,
  { source, available }: { readonly source: string; readonly available: ReadonlySet<string> },
): readonly InstrumentSymbol[] {
  const isShare = target.assetClass === "equity" && VIETNAMESE_EXCHANGES.has(target.exchange ?? "");
  return isShare && source !== MARKET_INDEX && available.has(MARKET_INDEX) ? [MARKET_INDEX] : [];
}
