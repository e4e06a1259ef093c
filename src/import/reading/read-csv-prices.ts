import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { type ImportMapping, priceShiftOf } from "../mapping/import-mapping.js";
import { CsvScanner } from "./csv-scanner.js";
import { isMissingValue, parseDecimal } from "./decimal-parser.js";
import { columnNames, fieldPositions, positionalNames } from "./file-header.js";
import { type PriceBatch, PriceBatchBuilder, REJECTED_TEXT_CHARS, type RejectedRow } from "./price-batch.js";
import { shapeProblem } from "./record-shape.js";
import { SymbolDictionary } from "./symbol-dictionary.js";
import { TimestampParser } from "./timestamp-parser.js";

const PRICE_FIELDS = ["open", "high", "low", "close"] as const;

/** Price rows of CSV bytes, in batches of about `batchRows`; `onRows` hears the number of rows after each chunk. */
export async function* readCsvPrices(
  chunks: AsyncIterable<Uint8Array>,
  mapping: ImportMapping,
  { batchRows, onRows }: { batchRows: number; onRows?: (rows: number) => void },
): AsyncGenerator<PriceBatch, void, undefined> {
  const scanner = new CsvScanner(mapping.format.delimiter);
  let parser: CsvPriceParser | undefined;
  let rows = 0;

  function* scan(): Generator<PriceBatch, void, undefined> {
    while (scanner.next()) {
      if (parser === undefined) {
        parser = new CsvPriceParser(scanner, mapping, batchRows);
        if (mapping.format.header) continue;
      }
      parser.addRecord();
      rows++;
      if (parser.isFull) yield parser.takeBatch();
    }
    onRows?.(rows);
  }

  for await (const chunk of chunks) {
    scanner.push(chunk);
    yield* scan();
  }
  scanner.finish();
  yield* scan();
  if (parser !== undefined && (parser as CsvPriceParser).hasRows) yield (parser as CsvPriceParser).takeBatch();
}

/** Parses the scanner's current record, field by field at known positions, into the columns of a batch. */
class CsvPriceParser {
  readonly #scanner: CsvScanner;
  readonly #batchRows: number;
  readonly #fieldCount: number;
  readonly #decimalPoint: number;
  readonly #timeAt: number;
  readonly #symbolAt: number;
  readonly #nameAt: number;
  readonly #volumeAt: number;
  readonly #priceAt: readonly number[];
  readonly #times: TimestampParser;
  readonly #dictionary = new SymbolDictionary();
  readonly #names = new Map<InstrumentSymbol, string>();
  readonly #shiftOf: (symbol: string) => number;
  /** Decimal shift of prices by symbol code. */
  readonly #shifts: number[] = [];
  #batch: PriceBatchBuilder;

  /** The scanner stands on the first record: the header, or data when the file has none. */
  constructor(scanner: CsvScanner, mapping: ImportMapping, batchRows: number) {
    const { fieldCount } = scanner;
    const names = mapping.format.header
      ? columnNames(Array.from({ length: fieldCount }, (_, index) => scanner.field(index)))
      : positionalNames(fieldCount);
    const positions = fieldPositions(mapping, names);
    this.#scanner = scanner;
    this.#batchRows = batchRows;
    this.#fieldCount = fieldCount;
    this.#decimalPoint = mapping.format.decimal.charCodeAt(0);
    this.#timeAt = positions.time ?? -1;
    this.#symbolAt = positions.symbol ?? -1;
    this.#nameAt = positions.name ?? -1;
    this.#volumeAt = positions.volume ?? -1;
    this.#priceAt = PRICE_FIELDS.map((field) => positions[field] ?? -1);
    this.#times = new TimestampParser({ ...mapping, daily: mapping.interval === "1d" });
    this.#shiftOf = priceShiftOf(mapping);
    this.#batch = new PriceBatchBuilder(batchRows);
    if (mapping.symbol !== undefined) {
      this.#dictionary.codeOfText(mapping.symbol);
      this.#shifts.push(this.#shiftOf(mapping.symbol));
    }
  }

  get isFull(): boolean {
    return this.#batch.isFull;
  }

  get hasRows(): boolean {
    return this.#batch.rows > 0;
  }

  takeBatch(): PriceBatch {
    const batch = this.#batch.build(this.#dictionary.symbols, this.#names);
    this.#batch = new PriceBatchBuilder(this.#batchRows);
    return batch;
  }

  addRecord(): void {
    const rejected = this.#parseRecord();
    if (rejected !== undefined) this.#batch.rejected.push(rejected);
  }

  /** Appends the record to the batch, or says why not. */
  #parseRecord(): RejectedRow | undefined {
    const { bytes, starts, ends } = this.#scanner;
    if (this.#scanner.fieldCount !== this.#fieldCount || this.#scanner.malformed) {
      return this.#rejected("ROWS_INVALID", shapeProblem(this.#scanner, this.#fieldCount)!);
    }

    let symbolCode = 0;
    if (this.#symbolAt >= 0) {
      symbolCode = this.#dictionary.codeOf(bytes, starts[this.#symbolAt]!, ends[this.#symbolAt]!);
      if (symbolCode < 0) {
        return this.#reject("SYMBOL_INVALID", "symbol", this.#symbolAt, "1 to 32 of A-Z 0-9 . - _ ^ =");
      }
      if (symbolCode === this.#shifts.length) this.#welcome(symbolCode);
    }

    const openedAtMs = this.#times.parse(bytes, starts[this.#timeAt]!, ends[this.#timeAt]!);
    // NaN fails this too. A candle opens on a whole second; a time between is that of a tick.
    if (openedAtMs % MS_PER_SECOND !== 0) {
      return this.#reject(
        "DATE_INVALID",
        "time",
        this.#timeAt,
        "an existing date or time, to the second, in the mapping's format",
      );
    }

    const shift = this.#shifts[symbolCode]!;
    const open = this.#number(this.#priceAt[0]!, shift);
    if (open === REFUSED) return this.#rejectNumber("open", this.#priceAt[0]!);
    const high = this.#number(this.#priceAt[1]!, shift);
    if (high === REFUSED) return this.#rejectNumber("high", this.#priceAt[1]!);
    const low = this.#number(this.#priceAt[2]!, shift);
    if (low === REFUSED) return this.#rejectNumber("low", this.#priceAt[2]!);
    const close = this.#number(this.#priceAt[3]!, shift);
    if (close === REFUSED) return this.#rejectNumber("close", this.#priceAt[3]!);
    const volume = this.#number(this.#volumeAt, 0);
    if (volume === REFUSED) return this.#rejectNumber("volume", this.#volumeAt);
    if (volume < 0) return this.#reject("ROWS_INVALID", "volume", this.#volumeAt, "a number of at least 0");

    const batch = this.#batch;
    const row = batch.length++;
    batch.symbolCodes[row] = symbolCode;
    batch.openedAtMs[row] = openedAtMs;
    batch.open[row] = open;
    batch.high[row] = high;
    batch.low[row] = low;
    batch.close[row] = close;
    batch.volume[row] = volume;
    batch.lines[row] = this.#scanner.line;
    if (this.#nameAt >= 0) this.#noteName(symbolCode);
    return undefined;
  }

  /** The number at a position: `NaN` when missing, `REFUSED` when the text is no finite number. */
  #number(position: number, shift: number): number {
    if (position < 0) return Number.NaN;
    const { bytes } = this.#scanner;
    const start = this.#scanner.starts[position]!;
    const end = this.#scanner.ends[position]!;
    const value = parseDecimal(bytes, start, end, this.#decimalPoint, shift);
    if (value - value === 0) return value;
    return isMissingValue(bytes, start, end) ? Number.NaN : REFUSED;
  }

  #welcome(symbolCode: number): void {
    this.#shifts.push(this.#shiftOf(this.#dictionary.symbols[symbolCode]!));
  }

  #noteName(symbolCode: number): void {
    const symbol = this.#dictionary.symbols[symbolCode]!;
    if (this.#names.has(symbol)) return;
    const name = this.#scanner.field(this.#nameAt).trim();
    if (name !== "") this.#names.set(symbol, name);
  }

  #rejectNumber(field: string, position: number): RejectedRow {
    return this.#reject("ROWS_INVALID", field, position, "a number");
  }

  #reject(code: RejectedRow["code"], field: string, position: number, accepted: string): RejectedRow {
    const value = JSON.stringify(this.#scanner.field(position).slice(0, 80));
    return this.#rejected(code, `invalid ${field}: ${value} (accepted: ${accepted})`);
  }

  #rejected(code: RejectedRow["code"], reason: string): RejectedRow {
    return { line: this.#scanner.line, code, reason, text: this.#scanner.text(REJECTED_TEXT_CHARS) };
  }
}

/** No finite number: marks refused text apart from `NaN`, which marks a missing value. */
const REFUSED = Number.POSITIVE_INFINITY;
