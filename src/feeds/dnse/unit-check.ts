import { priceUnitOfSymbol } from "./dnse-enums.js";
import type { DnseUnits } from "./dnse-units.js";
import { type DnsePayload, isPayload, numberFrom, present } from "./payload-fields.js";
import { QUANTITY_FIELDS, readPayloadBoard, readPayloadMarket, readSymbol, TOTAL_FIELDS } from "./read-tick.js";

/** Trades that are looked at before the check has an opinion. */
const SAMPLES = 20;
/** A day's average price differs from the last one by far less than a factor of three. */
const TOLERANCE = 3;

/**
 * Compares the factor for quantities of shares with what trades say of themselves: the day's value over its total and the
 * price is the number of shares in one unit. Gives that number, once, when it contradicts the settings; `undefined`
 * otherwise.
 */
export function createUnitCheck(units: DnseUnits): (message: unknown) => number | undefined {
  const factors: number[] = [];
  let isDone = false;
  return (message) => {
    if (isDone || !isPayload(message)) return undefined;
    const factor = factorShownBy(message, units);
    if (factor === undefined) return undefined;
    factors.push(factor);
    if (factors.length < SAMPLES) return undefined;
    isDone = true;
    const median = factors.sort((one, other) => one - other)[SAMPLES / 2]!;
    const ratio = median / units.tickFactor;
    return ratio > TOLERANCE || ratio < 1 / TOLERANCE ? median : undefined;
  };
}

/** Shares in one unit of a trade's total, about; `undefined` where a trade does not show it. */
function factorShownBy(payload: DnsePayload, units: DnseUnits): number | undefined {
  const billions = numberFrom(payload.grossTradeAmount);
  const total = numberFrom(present(payload, TOTAL_FIELDS));
  const thousands = numberFrom(payload.avgPrice ?? payload.matchPrice);
  if (!(billions > 0 && total > 0 && thousands > 0) || present(payload, QUANTITY_FIELDS) === undefined)
    return undefined;
  try {
    const unit = readPayloadMarket(payload)?.priceUnit ?? priceUnitOfSymbol(readSymbol(payload));
    if (unit === "points" || !units.tensBoards.has(readPayloadBoard(payload, NO_CONTEXT))) return undefined;
  } catch {
    return undefined;
  }
  return (billions * 1e9) / (total * thousands * 1e3);
}

const NO_CONTEXT = { board: undefined } as const;
