import type { Board } from "../../engine/live-market/board.js";
import type { TickSide } from "../../engine/live-market/market-event.js";
import type { PriceUnit } from "./dnse-prices.js";
import { InvalidField } from "./payload-fields.js";

/**
 * DNSE has written each of its enumerations in three ways: by name (`G1`), by name with a prefix (`BOARD_ID_G1`) and by
 * number (`2` or `"2"`). One map holds them all.
 */
function spellings<Value>(
  prefixes: readonly string[],
  members: readonly (readonly [name: string, number: number | undefined, value: Value])[],
): ReadonlyMap<unknown, Value> {
  const map = new Map<unknown, Value>();
  for (const [name, number, value] of members) {
    map.set(name, value);
    for (const prefix of prefixes) map.set(`${prefix}${name}`, value);
    if (number !== undefined) {
      map.set(number, value);
      map.set(String(number), value);
    }
  }
  return map;
}

function look<Value>(map: ReadonlyMap<unknown, Value>, value: unknown): Value | undefined {
  const found = map.get(value);
  if (found !== undefined || typeof value !== "string") return found;
  return map.get(value.trim().toUpperCase());
}

const BOARD_SPELLINGS = spellings<Board>(
  ["BOARD_ID_"],
  [
    ["G1", 2, "G1"],
    ["G3", 4, "G3"],
    ["G4", 5, "G4"],
    ["T1", 9, "T1"],
    ["T3", 11, "T3"],
    ["T4", 12, "T4"],
    ["T6", 13, "T6"],
  ],
);

export function readBoard(field: string, value: unknown): Board {
  const board = look(BOARD_SPELLINGS, value);
  if (board !== undefined) return board;
  throw new InvalidField(field, value, "G1, G3, G4, T1, T3, T4 or T6");
}

/** The board a word names, as parts of a channel or topic do; `undefined` for any other word. */
export function boardNamed(word: string): Board | undefined {
  return look(BOARD_SPELLINGS, word);
}

/** A market of DNSE that the workbench follows: the exchange behind it, and how its prices are quoted. */
export interface DnseMarket {
  readonly exchange: "HOSE" | "HNX" | "UPCOM" | "HNX_DER";
  readonly priceUnit: PriceUnit;
}

const HOSE: DnseMarket = { exchange: "HOSE", priceUnit: "thousand-vnd" };
const HNX: DnseMarket = { exchange: "HNX", priceUnit: "thousand-vnd" };
const UPCOM: DnseMarket = { exchange: "UPCOM", priceUnit: "thousand-vnd" };
const DERIVATIVES: DnseMarket = { exchange: "HNX_DER", priceUnit: "points" };

const MARKET_SPELLINGS = spellings<DnseMarket>(
  ["MARKET_ID_"],
  [
    ["DVX", 3, DERIVATIVES],
    ["STO", 6, HOSE],
    ["STX", 7, HNX],
    ["UPX", 8, UPCOM],
  ],
);

/** Bonds and repos are left out: in which unit their prices come is not known. */
export function readMarket(field: string, value: unknown): DnseMarket {
  const market = look(MARKET_SPELLINGS, value);
  if (market !== undefined) return market;
  throw new InvalidField(field, value, "STO, STX, UPX or DVX");
}

/** Codes of derivatives since May 2025 (`41I1G4000`) and their rolling names (`VN30F1M`). */
const DERIVATIVE_SYMBOL = /^(?:4[1-3][A-Z0-9]{7}|VN(?:30|100)F[A-Z0-9]+|GB\d{2}F[A-Z0-9]+)$/;

/** How a symbol is quoted when its payload names no market. */
export function priceUnitOfSymbol(symbol: string): PriceUnit {
  return DERIVATIVE_SYMBOL.test(symbol) ? "points" : "thousand-vnd";
}

const PRODUCT_GROUP_SPELLINGS = spellings<DnseMarket>(
  ["TSC_PROD_GRP_ID_", "PRODUCT_GRP_ID_"],
  [
    ["FBX", 3, DERIVATIVES],
    ["FIO", 4, DERIVATIVES],
    ["STO", 7, HOSE],
    ["STX", 8, HNX],
    ["UPX", 9, UPCOM],
  ],
);

export function readProductGroup(field: string, value: unknown): DnseMarket {
  const market = look(PRODUCT_GROUP_SPELLINGS, value);
  if (market !== undefined) return market;
  throw new InvalidField(field, value, "STO, STX, UPX, FIO or FBX");
}

const SIDE_SPELLINGS = spellings<TickSide>(
  ["SIDE_"],
  [
    ["UNSPECIFIED", 0, "U"],
    ["BUY", 1, "B"],
    ["SELL", 2, "S"],
    ["B", undefined, "B"],
    ["S", undefined, "S"],
    ["U", undefined, "U"],
    ["UNKNOWN", undefined, "U"],
  ],
);

/** Aggressor of a trade; unknown where the channel does not say. */
export function readSide(field: string, value: unknown): TickSide {
  if (value === undefined || value === null || value === "") return "U";
  const side = look(SIDE_SPELLINGS, value);
  if (side !== undefined) return side;
  throw new InvalidField(field, value, "BUY, SELL or UNSPECIFIED");
}

const STATUS_SPELLINGS = spellings<boolean>(
  ["SECURITY_STATUS_"],
  [
    ["HALT", 1, true],
    ["NO_HALT", 2, false],
    ["UNSPECIFIED", 0, false],
  ],
);

/** Whether trading is halted; it is not where the source does not say. */
export function readIsHalted(field: string, value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  const isHalted = look(STATUS_SPELLINGS, value);
  if (isHalted !== undefined) return isHalted;
  throw new InvalidField(field, value, "HALT or NO_HALT");
}

const INDEX_NAMES_BY_CODE: ReadonlyMap<string, string> = new Map([
  ["001", "VNINDEX"],
  ["002", "HNX"],
  ["100", "HNX30"],
  ["101", "VN30"],
  ["104", "VN100"],
  ["151", "VNXALLSHARE"],
  ["301", "UPCOM"],
  ["504", "VNMITECH"],
  ["505", "VN50GROWTH"],
  ["506", "VNDIVIDEND"],
]);

export function indexNameOfCode(code: unknown): string | undefined {
  return INDEX_NAMES_BY_CODE.get(String(code).padStart(3, "0"));
}

/** Names of indexes that DNSE shares with exchanges, and the symbols under which the workbench stores them. */
const INDEX_SYMBOLS: ReadonlyMap<string, string> = new Map([
  ["HNX", "HNXINDEX"],
  ["UPCOM", "UPCOMINDEX"],
  ["VN-INDEX", "VNINDEX"],
  ["HNX-INDEX", "HNXINDEX"],
]);

export function indexSymbolOf(name: string): string {
  return INDEX_SYMBOLS.get(name) ?? name;
}

/** Whether DNSE publishes an index under this name: it has no trades, so it is followed in its own channel. */
export function isIndexName(name: string): boolean {
  return INDEX_NAMES.has(name);
}

const INDEX_NAMES: ReadonlySet<string> = new Set([
  ...INDEX_NAMES_BY_CODE.values(),
  ...INDEX_SYMBOLS.values(),
  ...INDEX_SYMBOLS.keys(),
]);
