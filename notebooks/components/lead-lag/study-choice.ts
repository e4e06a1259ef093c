import type { Table } from "npm:apache-arrow";
import type { StudyInstrument as EngineInstrument } from "../../engine/lead-lag/instrument-series.js";
import { type ClosingOffsetRange, closingOffsets } from "../../engine/market-data/closing-offset.js";
import type { AssetClass } from "../../engine/market-data/instrument.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { optionalTextColumn, textColumn } from "../arrow-columns.js";
import { formatDay, monthsBefore } from "../format/date-format.js";
import { type ClosesBySymbol, commonDays } from "./closes-by-symbol.js";
import type { StudyPair } from "./lead-lag-study.js";

export interface StudyInstrument extends EngineInstrument {
  readonly name: string | null;
  /** When the daily close is known, after 00:00 Asia/Ho_Chi_Minh of its day; `undefined` when nobody said. */
  readonly closes: ClosingOffsetRange | undefined;
}

const WINDOW_MONTHS = 60;

/** The instruments that have closes, as the two fields offer them. */
export function studyInstruments(table: Table, closes: ClosesBySymbol): StudyInstrument[] {
  const names = textColumn(table, "name");
  const closeTimes = optionalTextColumn(table, "close_time");
  const timeZones = optionalTextColumn(table, "close_time_zone");
  const exchanges = optionalTextColumn(table, "exchange");
  const assetClasses = optionalTextColumn(table, "asset_class");
  return textColumn(table, "symbol")
    .map((symbol, row) => {
      const [closeTime, closeTimeZone] = [closeTimes[row], timeZones[row]];
      const isKnown = closeTime && closeTimeZone;
      return {
        symbol: (symbol ?? "") as InstrumentSymbol,
        exchange: exchanges[row] ?? undefined,
        assetClass: (assetClasses[row] ?? "other") as AssetClass,
        closeTime: closeTime ?? undefined,
        closeTimeZone: timeZones[row] ?? undefined,
        name: names[row] === symbol ? null : (names[row] ?? null),
        closes: isKnown ? closingOffsets({ closeTime, closeTimeZone }) : undefined,
      };
    })
    .filter(({ symbol }) => closes.has(symbol));
}

/** The wanted symbol when it is there, else the first that is not `other`. */
export function defaultSymbol(instruments: readonly StudyInstrument[], wanted: string, other = ""): string {
  const has = instruments.some(({ symbol }) => symbol === wanted);
  return has ? wanted : (instruments.find(({ symbol }) => symbol !== other)?.symbol ?? "");
}

/** Two symbols with their closes and, for the as-of join, the safe ends of their closing times. */
export function studyPair(
  closes: ClosesBySymbol,
  instruments: readonly StudyInstrument[],
  source: string,
  target: string,
): StudyPair {
  const closing = (symbol: string) => instruments.find((instrument) => instrument.symbol === symbol)?.closes;
  const [sourceCloses, targetCloses] = [closing(source), closing(target)];
  return {
    source,
    target,
    sourceSeries: closes.series(source),
    targetSeries: closes.series(target),
    closingOffsets:
      sourceCloses && targetCloses
        ? { sourceClosesAfterMs: sourceCloses.latestMs, targetClosesAfterMs: targetCloses.earliestMs }
        : undefined,
  };
}

/**
 * For every instrument, the whole days by which its close is known later than the target's of the same day: 1 when
 * it closes later in the day, 0 when not or when one of the two closing times is not known.
 */
export function daysKnownLater(instruments: readonly StudyInstrument[], target: string): Map<string, number> {
  const targetCloses = instruments.find(({ symbol }) => symbol === target)?.closes;
  return new Map(
    instruments.map(({ symbol, closes }) => {
      const laterMs = closes && targetCloses ? closes.latestMs - targetCloses.earliestMs : 0;
      return [symbol, Math.ceil(laterMs / MS_PER_DAY)];
    }),
  );
}

/** The last five years up to the last common day, within the days the two series share, as `YYYY-MM-DD`. */
export function defaultDays({ sourceSeries, targetSeries }: StudyPair) {
  const common = commonDays(sourceSeries, targetSeries);
  if (!common) return { from: "", to: "", min: "", max: "" };
  const from = Math.max(common.firstMs, monthsBefore(common.lastMs, WINDOW_MONTHS));
  return {
    from: formatDay(from),
    to: formatDay(common.lastMs),
    min: formatDay(common.firstMs),
    max: formatDay(common.lastMs),
  };
}
