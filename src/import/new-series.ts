import type { CandleColumns, CandleSeries } from "../engine/market-data/candle-columns.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";

const COLUMNS = ["openedAtMs", "open", "high", "low", "close", "volume"] as const;

type SeriesParts = Record<(typeof COLUMNS)[number], Float64Array[]>;

/**
 * The series that an import brings from their first candle on, kept while the file is read, so that they can be
 * checked without reading them back. Symbols with earlier candles are left out, and so is everything when the file
 * holds more than `maxRows` new rows: what is stored must then be read.
 */
export class NewSeries {
  readonly #maxRows: number;
  readonly #parts = new Map<InstrumentSymbol, SeriesParts>();
  #rows = 0;

  constructor({ maxRows }: { maxRows: number }) {
    this.#maxRows = maxRows;
  }

  /** Takes the rows that were inserted; `storedBefore` names symbols that have candles of earlier imports. */
  add(candles: CandleColumns, inserted: Int32Array, storedBefore: ReadonlySet<InstrumentSymbol>): void {
    this.#rows += inserted.length;
    if (this.#rows > this.#maxRows) {
      this.#parts.clear();
      return;
    }
    for (let start = 0; start < inserted.length; ) {
      const code = candles.symbolCodes[inserted[start]!]!;
      let end = start + 1;
      while (end < inserted.length && candles.symbolCodes[inserted[end]!] === code) end++;
      const symbol = candles.symbols[code]!;
      if (!storedBefore.has(symbol)) this.#append(symbol, candles, inserted.subarray(start, end));
      start = end;
    }
  }

  /** Each series in order of time. */
  complete(): Map<InstrumentSymbol, CandleSeries> {
    return new Map(Array.from(this.#parts, ([symbol, parts]) => [symbol, inOrderOfTime(joined(parts))]));
  }

  #append(symbol: InstrumentSymbol, candles: CandleColumns, rows: Int32Array): void {
    let parts = this.#parts.get(symbol);
    if (!parts) {
      parts = { openedAtMs: [], open: [], high: [], low: [], close: [], volume: [] };
      this.#parts.set(symbol, parts);
    }
    for (const name of COLUMNS) {
      const values = new Float64Array(rows.length);
      const column = candles[name];
      for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!;
      parts[name].push(values);
    }
  }
}

function joined(parts: SeriesParts): CandleSeries {
  const length = parts.openedAtMs.reduce((sum, part) => sum + part.length, 0);
  const column = (name: (typeof COLUMNS)[number]) => {
    const values = new Float64Array(length);
    let at = 0;
    for (const part of parts[name]) {
      values.set(part, at);
      at += part.length;
    }
    return values;
  };
  return {
    length,
    openedAtMs: column("openedAtMs"),
    open: column("open"),
    high: column("high"),
    low: column("low"),
    close: column("close"),
    volume: column("volume"),
  };
}

function inOrderOfTime(series: CandleSeries): CandleSeries {
  const { length, openedAtMs } = series;
  if (openedAtMs.every((time, i) => i === 0 || time > openedAtMs[i - 1]!)) return series;
  const order = Int32Array.from({ length }, (_, i) => i).sort((a, b) => openedAtMs[a]! - openedAtMs[b]!);
  const column = (values: Float64Array) => Float64Array.from(order, (row) => values[row]!);
  return {
    length,
    openedAtMs: column(openedAtMs),
    open: column(series.open),
    high: column(series.high),
    low: column(series.low),
    close: column(series.close),
    volume: column(series.volume),
  };
}
