import type { ReferencePrice } from "../../engine/live-market/market-event.js";
import { factsCalendar } from "../../engine/live-market/session-schedule.js";
import { MS_PER_DAY, MS_PER_HOUR } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS, type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import type { DnseContext } from "./dnse-context.js";
import { type DnseMarket, priceUnitOfSymbol, readIsHalted } from "./dnse-enums.js";
import { readPrice } from "./dnse-prices.js";
import { readInstant } from "./dnse-time.js";
import { type DnsePayload, present, spellingOf } from "./payload-fields.js";
import { readPayloadMarket, readSymbol, TIME_FIELDS } from "./read-tick.js";

/** Prices of the next trading day are given out from about 20:00 on, those of the day itself at about 08:00. */
const NEXT_DAY_FROM_MS = 19 * MS_PER_HOUR;
const LONGEST_BREAK_DAYS = 30;
const FACTS = factsCalendar();

/** A symbol's reference price and limits, as the definition of a security gives them. @throws InvalidField */
export function readReferencePrice(payload: DnsePayload, context: DnseContext): ReferencePrice {
  const symbol = readSymbol(payload);
  const market = readPayloadMarket(payload);
  const unit = market?.priceUnit ?? priceUnitOfSymbol(symbol);
  return {
    kind: "reference",
    symbol,
    tradingDate: readTradingDate(payload, market, context),
    reference: readPrice(payload, ["basicPrice", "referencePrice"], unit),
    ceiling: readPrice(payload, ["ceilingPrice", "highLimitPrice"], unit),
    floor: readPrice(payload, ["floorPrice", "lowLimitPrice"], unit),
    isHalted: readIsHalted("securityStatus", payload.securityStatus) || isSuspended(payload),
    source: context.source,
    receivedAtMs: context.receivedAtMs,
  };
}

/** The day a definition is for; one without a time is for the day on which it was received. */
function readTradingDate(
  payload: DnsePayload,
  market: DnseMarket | undefined,
  { receivedAtMs, zone }: DnseContext,
): TradingDate {
  const value = present(payload, TIME_FIELDS);
  const atMs =
    value === undefined ? receivedAtMs : readInstant(spellingOf(payload, TIME_FIELDS), value, receivedAtMs, zone);
  const sinceMidnightMs = (atMs + TRADING_UTC_OFFSET_MS) % MS_PER_DAY;
  if (sinceMidnightMs < NEXT_DAY_FROM_MS) return tradingDateOf(atMs);
  const exchange = market?.exchange ?? "HOSE";
  for (let days = 1; days <= LONGEST_BREAK_DAYS; days++) {
    const date = tradingDateOf(atMs + days * MS_PER_DAY);
    if (FACTS.isTradingDay(exchange, date)) return date;
  }
  return tradingDateOf(atMs + MS_PER_DAY);
}

function isSuspended(payload: DnsePayload): boolean {
  const sanction = payload.symbolTradingSanctionStatusCode;
  return typeof sanction === "string" && /(?:^|_)SUS$/.test(sanction);
}
