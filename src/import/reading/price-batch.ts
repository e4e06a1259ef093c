import type { ErrorCode } from "../../engine/errors.js";
import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";

/** A row that cannot be imported, with the reason for the person who has to correct it. */
export interface RejectedRow {
  /** 1-based line of a CSV file, or 1-based row of a Parquet or Arrow file. */
  readonly line: number;
  readonly code: Extract<ErrorCode, "ROWS_INVALID" | "DATE_INVALID" | "SYMBOL_INVALID">;
  /** Field, problem and what is accepted: `invalid close: "abc" (accepted: a number)`. */
  readonly reason: string;
  /** The row as it stands in the file, cut after 1,000 characters. */
  readonly text: string;
}

export const REJECTED_TEXT_CHARS = 1_000;

/** Consecutive rows of a price file: the valid ones as columns, the others with their reasons. */
export interface PriceBatch {
  readonly candles: CandleColumns;
  /** Line (or row) in the file of each candle, 1-based. */
  readonly lines: Float64Array;
  readonly rejected: readonly RejectedRow[];
  /** Names of instruments found in the file so far, from its optional `name` column. */
  readonly names: ReadonlyMap<InstrumentSymbol, string>;
}

/** Collects rows into columns of fixed capacity and hands them over as `PriceBatch`. */
export class PriceBatchBuilder {
  length = 0;
  symbolCodes: Int32Array;
  openedAtMs: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  lines: Float64Array;
  rejected: RejectedRow[] = [];
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.symbolCodes = new Int32Array(capacity);
    this.openedAtMs = new Float64Array(capacity);
    this.open = new Float64Array(capacity);
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    this.close = new Float64Array(capacity);
    this.volume = new Float64Array(capacity);
    this.lines = new Float64Array(capacity);
  }

  get rows(): number {
    return this.length + this.rejected.length;
  }

  get isFull(): boolean {
    return this.rows >= this.#capacity;
  }

  /** The rows collected so far; the builder must not be used afterwards. */
  build(symbols: readonly InstrumentSymbol[], names: ReadonlyMap<InstrumentSymbol, string>): PriceBatch {
    const { length } = this;
    return {
      candles: {
        length,
        symbols: symbols.slice(),
        symbolCodes: this.symbolCodes.subarray(0, length),
        openedAtMs: this.openedAtMs.subarray(0, length),
        open: this.open.subarray(0, length),
        high: this.high.subarray(0, length),
        low: this.low.subarray(0, length),
        close: this.close.subarray(0, length),
        volume: this.volume.subarray(0, length),
      },
      lines: this.lines.subarray(0, length),
      rejected: this.rejected,
      names: new Map(names),
    };
  }
}
