import type { IndexLevel } from "../../engine/live-market/market-event.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import type { DnseContext } from "./dnse-context.js";
import { indexNameOfCode, indexSymbolOf } from "./dnse-enums.js";
import { billionsToVnd } from "./dnse-prices.js";
import { readInstant } from "./dnse-time.js";
import {
  type DnsePayload,
  invalid,
  isPayload,
  numberFrom,
  optionalNonNegativeNumber,
  positiveNumber,
  present,
  spellingOf,
} from "./payload-fields.js";

const NAME_FIELDS = ["indexName", "symbol", "Symbol"] as const;
const INDEX_TIME_FIELDS = ["transactTime", "time", "sendingTime", "tradingTime"] as const;
const VALUE_FIELDS = ["valueIndexes"] as const;

/** An index the exchange published, under the symbol the workbench stores it by. @throws InvalidField */
export function readIndexLevel(payload: DnsePayload, context: DnseContext): IndexLevel {
  return {
    kind: "index",
    symbol: readIndexSymbol(payload),
    eventTimeMs: readInstant(
      spellingOf(payload, INDEX_TIME_FIELDS),
      present(payload, INDEX_TIME_FIELDS),
      context.receivedAtMs,
      context.zone,
    ),
    receivedAtMs: context.receivedAtMs,
    value: positiveNumber(payload, VALUE_FIELDS),
    priorValue: optionalNonNegativeNumber(payload, ["priorValueIndexes"]) || Number.NaN,
    cumulativeVolume: optionalNonNegativeNumber(payload, ["totalVolumeTraded"]),
    cumulativeValue: billionsToVnd(optionalNonNegativeNumber(payload, ["grossTradeAmount"])),
    advances: optionalNonNegativeNumber(payload, ["fluctuationUpIssueCount"]),
    declines: optionalNonNegativeNumber(payload, ["fluctuationDownIssueCount"]),
    unchanged: optionalNonNegativeNumber(payload, ["fluctuationSteadinessIssueCount"]),
    atCeiling: optionalNonNegativeNumber(payload, ["fluctuationUpperLimitIssueCount"]),
    atFloor: optionalNonNegativeNumber(payload, ["fluctuationLowerLimitIssueCount"]),
    source: context.source,
  };
}

/**
 * DNSE's own estimate of an index between its publications. It goes under a symbol of its own, `VN30-EST`, so that it
 * never passes for the index. @throws InvalidField
 */
export function readEstimatedIndexLevel(payload: DnsePayload, context: DnseContext): IndexLevel {
  const estimate = isPayload(payload.marketIndex) ? payload.marketIndex : payload;
  const level = readIndexLevel(estimate, context);
  const changed = numberFrom(present(estimate, ["changedValue"]));
  return {
    ...level,
    symbol: `${level.symbol}-EST` as InstrumentSymbol,
    priorValue: Number.isNaN(level.priorValue) ? Math.round((level.value - changed) * 100) / 100 : level.priorValue,
  };
}

function readIndexSymbol(payload: DnsePayload): InstrumentSymbol {
  const name = present(payload, NAME_FIELDS) ?? indexNameOfCode(payload.indexTypeCode);
  if (typeof name === "string") {
    const symbol = indexSymbolOf(name.trim().toUpperCase());
    if (SYMBOL_PATTERN.test(symbol)) return symbol as InstrumentSymbol;
  }
  throw invalid(payload, NAME_FIELDS, "the name of an index, such as VNINDEX");
}
