import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { EpochMs } from "../units/epoch-ms.js";
import { tradingDateOf } from "../units/trading-date.js";
import type { Finding } from "./finding.js";

/** Rows of one symbol which the import did not store. */
export interface SkippedRows {
  readonly symbol: InstrumentSymbol;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  readonly count: number;
}

/** The same symbol and time more than once in one file: `count` later rows were left out. */
export function duplicateRowFinding(rows: SkippedRows): Finding {
  const message = `${amount(rows)} repeat a time already read from the same file ${span(rows)}; the first was kept.`;
  return { ...rows, kind: "duplicate-row", severity: "warning", message };
}

/** Stored candles with other values than the file's: `count` rows of the file were left out. */
export function conflictingRowFinding(rows: SkippedRows): Finding {
  const message = `${amount(rows)} differ from the stored candle of the same time ${span(rows)}; the stored one was kept.`;
  return { ...rows, kind: "conflicting-row", severity: "warning", message };
}

/** Rows without a close: `count` rows were left out. */
export function missingCloseFinding(rows: SkippedRows): Finding {
  const message = `${amount(rows)} without a close ${span(rows)}; a candle needs one, so nothing was stored.`;
  return { ...rows, kind: "missing-close", severity: "warning", message };
}

function amount({ count }: SkippedRows): string {
  return count === 1 ? "1 row" : `${count} rows`;
}

function span({ fromMs, toMs }: SkippedRows): string {
  return fromMs === toMs ? `on ${tradingDateOf(fromMs)}` : `from ${tradingDateOf(fromMs)} to ${tradingDateOf(toMs)}`;
}
