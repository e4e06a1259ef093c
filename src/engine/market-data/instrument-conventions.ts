import { currencyCode } from "../units/money.js";
import { exchangeConventions } from "./exchange-conventions.js";
import type { Instrument } from "./instrument.js";
import type { InstrumentSymbol } from "./instrument-symbol.js";

/** What a symbol alone says about an instrument. */
export type InstrumentConventions = Pick<
  Instrument,
  "assetClass" | "exchange" | "currency" | "closeTime" | "closeTimeZone" | "tickRule" | "lotSize"
>;

const CHINESE_FUTURE = /^(DCE|SHFE|INE|CZCE)\./;

/** VN30 futures by their rolling names (`VN30F1M`, `VN30F2Q`), month codes (`VN30F2406`) and codes since May 2025. */
const VN30_FUTURE = /^(VN30F\d(M|Q)|VN30F\d{4}|41I1[A-Z0-9]{2}000)$/;

const HOSE_INDEXES = new Set(
  (
    "VNINDEX VN30 VN50 VN100 VNALL VNALLSHARE VNXALL VNXALLSHARE VNMID VNMIDCAP VNSML VNSMALLCAP " +
    "VNCOND VNCONS VNENE VNFIN VNHEAL VNIND VNIT VNMAT VNREAL VNUTI " +
    "VNFINLEAD VNFINSELECT VNDIAMOND VNSI VN50GROWTH VNMITECH VNDIVIDEND"
  ).split(" "),
);
const HNX_INDEXES = new Set(["HNXINDEX", "HNX30"]);

const ENERGY_SPOT = new Set(["BRENT", "WTI", "HENRYHUB"]);

const DONG_RATE = /^[A-Z]{3}VND(\.Y|=X)?$/;

/** Members of the VN30 index at some time from 2021 to 2026, all listed on HOSE. */
export const VN30_MEMBERS: ReadonlySet<string> = new Set(
  (
    "ACB BCM BID BSR BVH CTG DGC FPT GAS GVR HDB HPG LPB MBB MCH MSN MWG PDR PLX POW SAB SHB SSB SSI STB TCB TCX TPB " +
    "VCB VHM VIB VIC VJC VNM VPB VPL VRE"
  ).split(" "),
);

/**
 * Conventions of an instrument as far as its symbol tells: market, currency, closing time, price step and round lot.
 * An `exchange` known from elsewhere decides for an equity. Anything not recognised is an equity of unknown market
 * in currency `XXX`.
 *
 * An index is in points of its constituents' currency. Energy spot prices and exchange rates have no closing
 * auction: they count as known at 17:00 in New York, the end of the trading day of NYMEX and of the currency
 * market, which is late rather than early.
 */
export function inferInstrumentConventions(
  symbol: InstrumentSymbol,
  { exchange }: { exchange?: string | undefined } = {},
): InstrumentConventions {
  const chineseExchange = CHINESE_FUTURE.exec(symbol)?.[1];
  if (chineseExchange !== undefined) return tradedOn(chineseExchange, "commodity-future");
  if (VN30_FUTURE.test(symbol)) return tradedOn("HNX_DER", "other");

  const exchangeOfIndex = exchangeOfIndexNamed(symbol);
  if (exchangeOfIndex !== undefined) {
    return { ...tradedOn(exchangeOfIndex, "index"), tickRule: "none", lotSize: undefined };
  }
  if (ENERGY_SPOT.has(symbol)) return knownAtNewYorkClose("commodity-spot", "USD");
  if (DONG_RATE.test(symbol)) return knownAtNewYorkClose("fx", "VND");
  return tradedOn(exchange ?? (VN30_MEMBERS.has(symbol) ? "HOSE" : undefined), "equity");
}

function tradedOn(
  exchange: string | undefined,
  assetClass: InstrumentConventions["assetClass"],
): InstrumentConventions {
  const conventions = exchange === undefined ? undefined : exchangeConventions(exchange);
  return {
    assetClass,
    exchange,
    currency: conventions?.currency ?? currencyCode("XXX"),
    closeTime: conventions?.closeTime,
    closeTimeZone: conventions?.closeTimeZone,
    tickRule: conventions?.tickRule ?? "none",
    lotSize: conventions?.lotSize,
  };
}

function knownAtNewYorkClose(assetClass: InstrumentConventions["assetClass"], currency: string): InstrumentConventions {
  return {
    assetClass,
    exchange: undefined,
    currency: currencyCode(currency),
    closeTime: "17:00",
    closeTimeZone: "America/New_York",
    tickRule: "none",
    lotSize: undefined,
  };
}

function exchangeOfIndexNamed(symbol: string): string | undefined {
  if (HOSE_INDEXES.has(symbol)) return "HOSE";
  if (HNX_INDEXES.has(symbol)) return "HNX";
  return symbol === "UPCOMINDEX" ? "UPCOM" : undefined;
}
