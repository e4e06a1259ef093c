import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import { DAILY_SECONDS, INTERVAL_SECONDS } from "../../engine/market-data/candle-interval.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import {
  dayColumnBuilder,
  Float64ColumnBuilder,
  type Int32ColumnBuilder,
  TextColumnBuilder,
  TimestampColumnBuilder,
} from "../copy-binary/column-builders.js";
import { CopyColumnDecoder } from "../copy-binary/copy-decoder.js";
import type { CopyRowSink, DatabaseSession } from "../database.js";
import { type CandleSelection, dailyCandlesSql, intradayCandlesSql } from "./candle-source.js";
import { describeExclusions, listQuarantines } from "./quarantine-queries.js";

export interface CandleAnswer {
  readonly candles: CandleColumns;
  /** A sentence on quarantined rows left out; "" when there are none. */
  readonly excluded: string;
}

/** Candles by symbol and time, as columns. */
export async function readCandles(session: DatabaseSession, selection: CandleSelection): Promise<CandleAnswer> {
  const decoder = new CandleDecoder(selection);
  const quarantines = await listQuarantines(session, selection.dataset);
  await session.copyOut(candleCopySql(selection, quarantines), decoder);
  const only = selection.symbols && new Set<string>(selection.symbols);
  return { candles: decoder.take(), excluded: describeExclusions(quarantines, only) };
}

/**
 * The same candles in batches of about `batchRows`, for answers of any size: `take` is awaited before more is
 * read from the database.
 */
export async function streamCandles(
  session: DatabaseSession,
  selection: CandleSelection,
  { batchRows, take }: { batchRows: number; take: (candles: CandleColumns) => Promise<void> },
): Promise<{ rows: number; excluded: string }> {
  const decoder = new CandleDecoder(selection);
  const sink: CopyRowSink = {
    rows(bytes, rowStarts, rowCount) {
      decoder.rows(bytes, rowStarts, rowCount);
      if (decoder.rowCount >= batchRows) return take(decoder.take());
    },
  };
  const quarantines = await listQuarantines(session, selection.dataset);
  const rows = await session.copyOut(candleCopySql(selection, quarantines), sink);
  if (decoder.rowCount > 0) await take(decoder.take());
  const only = selection.symbols && new Set<string>(selection.symbols);
  return { rows, excluded: describeExclusions(quarantines, only) };
}

function candleCopySql(selection: CandleSelection, quarantines: Awaited<ReturnType<typeof listQuarantines>>): string {
  const select = isDaily(selection)
    ? dailyCandlesSql(selection, quarantines)
    : intradayCandlesSql(selection, quarantines);
  return `COPY (${select}) TO STDOUT (FORMAT binary)`;
}

function isDaily({ interval }: CandleSelection): boolean {
  return INTERVAL_SECONDS[interval] === DAILY_SECONDS;
}

class CandleDecoder implements CopyRowSink {
  readonly #symbols = new TextColumnBuilder();
  readonly #times: TimeColumn;
  readonly #values = Array.from({ length: 5 }, () => new Float64ColumnBuilder());
  readonly #decoder: CopyColumnDecoder;

  constructor(selection: CandleSelection) {
    this.#times = isDaily(selection) ? new TradingDayTimes(dayColumnBuilder()) : new InstantTimes();
    this.#decoder = new CopyColumnDecoder([this.#symbols, this.#times.builder, ...this.#values]);
  }

  get rowCount(): number {
    return this.#decoder.rowCount;
  }

  rows(bytes: Uint8Array, rowStarts: Int32Array, rowCount: number): void {
    this.#decoder.rows(bytes, rowStarts, rowCount);
  }

  /** The rows decoded so far; the decoder starts anew. */
  take(): CandleColumns {
    const [open, high, low, close, volume] = this.#values.map((builder) => builder.values);
    const candles: CandleColumns = {
      length: this.#decoder.rowCount,
      symbols: [...this.#symbols.dictionary] as InstrumentSymbol[],
      symbolCodes: this.#symbols.codes,
      openedAtMs: this.#times.values,
      open: open!,
      high: high!,
      low: low!,
      close: close!,
      volume: volume!,
    };
    this.#decoder.reset();
    return candles;
  }
}

interface TimeColumn {
  readonly builder: Int32ColumnBuilder | TimestampColumnBuilder;
  readonly values: Float64Array;
}

class InstantTimes implements TimeColumn {
  readonly builder = new TimestampColumnBuilder();

  get values(): Float64Array {
    return this.builder.values;
  }
}

class TradingDayTimes implements TimeColumn {
  readonly builder: Int32ColumnBuilder;

  constructor(builder: Int32ColumnBuilder) {
    this.builder = builder;
  }

  get values(): Float64Array {
    return Float64Array.from(this.builder.values, (day) => day * MS_PER_DAY - TRADING_UTC_OFFSET_MS);
  }
}
