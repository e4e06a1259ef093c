import type { Board } from "../../engine/live-market/board.js";
import type { Tick } from "../../engine/live-market/market-event.js";
import type { SessionPhase } from "../../engine/live-market/session-phase.js";
import { type Calendar, sessionPhaseAt } from "../../engine/live-market/session-schedule.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import type { DnseContext } from "./dnse-context.js";
import { type DnseMarket, priceUnitOfSymbol, readBoard, readMarket, readSide } from "./dnse-enums.js";
import { type PriceUnit, readPrice } from "./dnse-prices.js";
import { readSessionPhase } from "./dnse-session.js";
import { readInstant } from "./dnse-time.js";
import type { DnseUnits } from "./dnse-units.js";
import { type DnsePayload, invalid, nonNegativeNumber, present, spellingOf } from "./payload-fields.js";

export const SYMBOL_FIELDS = ["symbol", "Symbol"] as const;
const BOARD_FIELDS = ["boardId", "boardIdOriginal"] as const;
const MARKET_FIELDS = ["marketId"] as const;
const PRICE_FIELDS = ["matchPrice", "price"] as const;
export const QUANTITY_FIELDS = ["matchQtty", "matchQuantity", "quantity", "qtty"] as const;
export const TOTAL_FIELDS = ["totalVolumeTraded"] as const;
/** When the exchange says it happened goes before when it was sent. */
export const TIME_FIELDS = ["time", "transactTime", "sendingTime", "tradingTime"] as const;

/** A day on which something was traded is a trading day. */
const EVERY_DAY: Calendar = { isTradingDay: () => true };

/** A trade, of the channels `tick` and `tick_extra` or of history. @throws InvalidField */
export function readTick(payload: DnsePayload, context: DnseContext): Tick {
  const symbol = readSymbol(payload);
  const board = readPayloadBoard(payload, context);
  const market = readPayloadMarket(payload);
  const unit = market?.priceUnit ?? priceUnitOfSymbol(symbol);
  const factor = quantityFactor(unit, board, context.units, "tickFactor");
  const eventTimeMs = readEventTime(payload, context);
  return {
    kind: "tick",
    symbol,
    board,
    eventTimeMs,
    receivedAtMs: context.receivedAtMs,
    price: readPrice(payload, PRICE_FIELDS, unit),
    quantity: readTradedQuantity(payload, factor),
    cumulativeVolume: readVolume(payload, TOTAL_FIELDS, factor),
    side: readSide("side", payload.side),
    session: readSession(payload, market, unit, eventTimeMs),
    source: context.source,
    isBackfill: context.isBackfill === true,
  };
}

export function readSymbol(payload: DnsePayload): InstrumentSymbol {
  const value = present(payload, SYMBOL_FIELDS);
  if (typeof value === "string") {
    if (SYMBOL_PATTERN.test(value)) return value as InstrumentSymbol;
    const symbol = value.trim().toUpperCase();
    if (SYMBOL_PATTERN.test(symbol)) return symbol as InstrumentSymbol;
  }
  throw invalid(payload, SYMBOL_FIELDS, "1 to 32 of A-Z 0-9 . - _ ^ =");
}

/** The board of a payload, else that of its channel. */
export function readPayloadBoard(payload: DnsePayload, { board }: Pick<DnseContext, "board">): Board {
  const value = present(payload, BOARD_FIELDS);
  if (value === undefined && board !== undefined) return board;
  return readBoard(spellingOf(payload, BOARD_FIELDS), value);
}

/** The market of a payload; `undefined` when it names none. */
export function readPayloadMarket(payload: DnsePayload): DnseMarket | undefined {
  const value = present(payload, MARKET_FIELDS);
  return value === undefined || value === "" ? undefined : readMarket("marketId", value);
}

export function readEventTime(payload: DnsePayload, { receivedAtMs, zone }: DnseContext): number {
  return readInstant(spellingOf(payload, TIME_FIELDS), present(payload, TIME_FIELDS), receivedAtMs, zone);
}

/** Shares or contracts for one unit of a quantity. */
export function quantityFactor(
  unit: PriceUnit,
  board: Board,
  units: DnseUnits,
  factor: "tickFactor" | "bookFactor",
): number {
  return unit === "thousand-vnd" && units.tensBoards.has(board) ? units[factor] : 1;
}

/** A whole number of shares or contracts, 0 or more. */
export function readVolume(payload: DnsePayload, names: readonly string[], factor: number): number {
  const volume = nonNegativeNumber(payload, names) * factor;
  if (Number.isSafeInteger(volume)) return volume;
  throw invalid(payload, names, "a whole number of shares or contracts");
}

function readTradedQuantity(payload: DnsePayload, factor: number): number {
  const quantity = readVolume(payload, QUANTITY_FIELDS, factor);
  if (quantity > 0) return quantity;
  throw invalid(payload, QUANTITY_FIELDS, "a number above 0");
}

/** The session a payload names, else that of the exchange's schedule: history names none. */
function readSession(
  payload: DnsePayload,
  market: DnseMarket | undefined,
  unit: PriceUnit,
  eventTimeMs: number,
): SessionPhase {
  const phase = readSessionPhase("tradingSessionId", payload.tradingSessionId, eventTimeMs);
  if (phase !== undefined) return phase;
  const exchange = market?.exchange ?? (unit === "points" ? "HNX_DER" : "HOSE");
  return sessionPhaseAt(exchange, eventTimeMs, EVERY_DAY);
}
