import type { CurrencyCode } from "../units/money.js";
import type { TradingDate } from "../units/trading-date.js";
import type { InstrumentSymbol } from "./instrument-symbol.js";

export const ASSET_CLASSES = [
  "equity",
  "index",
  "commodity-future",
  "commodity-spot",
  "fx",
  "crypto",
  "other",
] as const;

export type AssetClass = (typeof ASSET_CLASSES)[number];

/** A rule that says which price steps an exchange accepts; `docs/glossary.md` lists them. */
export const TICK_RULES = ["hose-equity", "fixed-100", "fixed-0.1", "none"] as const;

export type TickRule = (typeof TICK_RULES)[number];

export interface Instrument {
  readonly symbol: InstrumentSymbol;
  readonly name: string;
  /** Market where it trades: `HOSE`, `HNX`, `UPCOM`, `DCE`, …; `undefined` when not known. */
  readonly exchange: string | undefined;
  readonly sector: string | undefined;
  readonly industry: string | undefined;
  readonly assetClass: AssetClass;
  readonly currency: CurrencyCode;
  /** Units in one round lot. */
  readonly lotSize: number | undefined;
  readonly tickRule: TickRule;
  /** Market capitalisation in whole units of `currency`, with the day it was measured. */
  readonly marketCap: number | undefined;
  readonly marketCapDate: TradingDate | undefined;
  /** Local time of the daily close, `HH:MM`, in `closeTimeZone` (an IANA name). */
  readonly closeTime: string | undefined;
  readonly closeTimeZone: string | undefined;
}
