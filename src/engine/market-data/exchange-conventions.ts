import { type CurrencyCode, currencyCode } from "../units/money.js";
import type { TickRule } from "./instrument.js";

/** How an exchange trades its ordinary instruments: equities, or contracts on a derivatives or commodity exchange. */
export interface ExchangeConventions {
  readonly currency: CurrencyCode;
  /** Local time at which the first orders are matched, `HH:MM`, in `closeTimeZone`; `undefined` when not stated here. */
  readonly openTime: string | undefined;
  /** Local time at which the daily closing price is known, `HH:MM`, in the IANA zone `closeTimeZone`. */
  readonly closeTime: string;
  readonly closeTimeZone: string;
  readonly tickRule: TickRule;
  /** Units in one round lot. */
  readonly lotSize: number;
  /** Largest move from the reference price in a day, as a fraction; `undefined` when none is stated here. */
  readonly priceBand: number | undefined;
}

const VND = currencyCode("VND");
const HO_CHI_MINH = "Asia/Ho_Chi_Minh";

const chineseFutures: ExchangeConventions = {
  currency: currencyCode("CNY"),
  openTime: undefined,
  closeTime: "15:00",
  closeTimeZone: "Asia/Shanghai",
  tickRule: "none",
  lotSize: 1,
  priceBand: undefined,
};

/**
 * Vietnamese rules since the trading system of May 2025: the closing auction ends at 14:45 on HOSE, HNX and the
 * derivatives market (what follows trades at the closing price); UPCOM matches until 15:00. Chinese commodity
 * exchanges end the day session at 15:00; their night session belongs to the next trading day.
 */
const CONVENTIONS: Readonly<Record<string, ExchangeConventions>> = {
  HOSE: {
    currency: VND,
    openTime: "09:00",
    closeTime: "14:45",
    closeTimeZone: HO_CHI_MINH,
    tickRule: "hose-equity",
    lotSize: 100,
    priceBand: 0.07,
  },
  HNX: {
    currency: VND,
    openTime: "09:00",
    closeTime: "14:45",
    closeTimeZone: HO_CHI_MINH,
    tickRule: "fixed-100",
    lotSize: 100,
    priceBand: 0.1,
  },
  UPCOM: {
    currency: VND,
    openTime: "09:00",
    closeTime: "15:00",
    closeTimeZone: HO_CHI_MINH,
    tickRule: "fixed-100",
    lotSize: 100,
    priceBand: 0.15,
  },
  HNX_DER: {
    currency: VND,
    openTime: "08:45",
    closeTime: "14:45",
    closeTimeZone: HO_CHI_MINH,
    tickRule: "fixed-0.1",
    lotSize: 1,
    priceBand: 0.07,
  },
  DCE: chineseFutures,
  SHFE: chineseFutures,
  INE: chineseFutures,
  CZCE: chineseFutures,
};

/** Exchanges with conventions, by their codes. */
export const EXCHANGES: readonly string[] = Object.keys(CONVENTIONS);

/** Conventions of an exchange by its code, `undefined` for one that is not known. */
export function exchangeConventions(exchange: string): ExchangeConventions | undefined {
  return Object.hasOwn(CONVENTIONS, exchange) ? CONVENTIONS[exchange] : undefined;
}

/**
 * Largest move from the reference price allowed in a day, as a fraction: HOSE 0.07, HNX 0.10, UPCOM 0.15, the
 * derivatives market (`HNX_DER`) 0.07; `undefined` elsewhere. The first day after listing has wider bands.
 */
export function priceBand(exchange: string): number | undefined {
  return exchangeConventions(exchange)?.priceBand;
}
