import type { CandleSeries } from "../market-data/candle-columns.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { checkCalendarGaps } from "./check-calendar-gaps.js";
import { checkMissingValues } from "./check-missing-values.js";
import { checkNonPositivePrices } from "./check-non-positive-prices.js";
import { checkOhlc } from "./check-ohlc.js";
import { checkPriceMoves } from "./check-price-moves.js";
import { checkWeekendRows } from "./check-weekend-rows.js";
import { checkZeroVolume } from "./check-zero-volume.js";
import type { Finding } from "./finding.js";
import type { QualityCheck, QualityContext } from "./quality-context.js";

const CHECKS: readonly QualityCheck[] = [
  checkCalendarGaps,
  checkWeekendRows,
  checkMissingValues,
  checkNonPositivePrices,
  checkOhlc,
  checkZeroVolume,
  checkPriceMoves,
];

/**
 * Everything the quality checks find in one symbol's candles, ordered by the first candle concerned. The
 * candles must be ascending in time without duplicates; duplicates, conflicts and rows without a close are
 * found where rows are read (`row-findings.ts`).
 */
export function checkSeries(symbol: InstrumentSymbol, series: CandleSeries, context: QualityContext): Finding[] {
  return CHECKS.flatMap((check) => check(symbol, series, context)).sort((a, b) => a.fromMs - b.fromMs);
}
