import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import { type ImportMapping, priceShiftOf } from "../mapping/import-mapping.js";
import type { ColumnTable, TableColumn } from "./column-table.js";
import { isMissingValue, parseDecimal, shiftDecimal } from "./decimal-parser.js";
import { columnNames, fieldPositions } from "./file-header.js";
import { type PriceBatch, PriceBatchBuilder, REJECTED_TEXT_CHARS, type RejectedRow } from "./price-batch.js";
import { SymbolDictionary } from "./symbol-dictionary.js";
import { TimestampParser } from "./timestamp-parser.js";

const NUMBER_FIELDS = ["open", "high", "low", "close", "volume"] as const;
type NumberField = (typeof NUMBER_FIELDS)[number];

/** Price rows of a Parquet or Arrow file, in batches of about `batchRows`; lines are 1-based row numbers. */
export async function* readColumnarPrices(
  tables: AsyncIterable<ColumnTable>,
  mapping: ImportMapping,
  { batchRows, onRows }: { batchRows: number; onRows?: (rows: number) => void },
): AsyncGenerator<PriceBatch, void, undefined> {
  const parser = new ColumnarPriceParser(mapping, batchRows);
  for await (const table of tables) {
    parser.open(table);
    for (let row = 0; row < table.rowCount; row++) {
      parser.addRow(row);
      if (parser.isFull) yield parser.takeBatch();
    }
    parser.close();
    onRows?.(parser.rowsRead);
  }
  if (parser.hasRows) yield parser.takeBatch();
}

class ColumnarPriceParser {
  /** Rows of the tables closed so far. */
  rowsRead = 0;

  readonly #mapping: ImportMapping;
  readonly #batchRows: number;
  readonly #decimalPoint: number;
  readonly #times: TimestampParser;
  readonly #timeByText = new Map<string, number>();
  readonly #dictionary = new SymbolDictionary();
  readonly #codeByText = new Map<string, number>();
  readonly #names = new Map<InstrumentSymbol, string>();
  readonly #shiftOf: (symbol: string) => number;
  readonly #shifts: number[] = [];
  readonly #numbers: Record<NumberField, number> = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
  #batch: PriceBatchBuilder;
  #table: ColumnTable = { rowCount: 0, columns: [] };
  #columns: Partial<Record<string, TableColumn>> = {};

  constructor(mapping: ImportMapping, batchRows: number) {
    this.#mapping = mapping;
    this.#batchRows = batchRows;
    this.#decimalPoint = mapping.format.decimal.charCodeAt(0);
    this.#times = new TimestampParser({ ...mapping, daily: mapping.interval === "1d" });
    this.#shiftOf = priceShiftOf(mapping);
    this.#batch = new PriceBatchBuilder(batchRows);
  }

  get isFull(): boolean {
    return this.#batch.isFull;
  }

  get hasRows(): boolean {
    return this.#batch.rows > 0;
  }

  open(table: ColumnTable): void {
    const positions = fieldPositions(this.#mapping, columnNames(table.columns.map(({ name }) => name)));
    this.#table = table;
    this.#columns = {};
    for (const [field, position] of Object.entries(positions)) this.#columns[field] = table.columns[position]!;
  }

  close(): void {
    this.rowsRead += this.#table.rowCount;
  }

  takeBatch(): PriceBatch {
    const batch = this.#batch.build(this.#dictionary.symbols, this.#names);
    this.#batch = new PriceBatchBuilder(this.#batchRows);
    return batch;
  }

  addRow(row: number): void {
    const rejected = this.#parseRow(row);
    if (rejected !== undefined) this.#batch.rejected.push(rejected);
  }

  /** Appends the row to the batch, or says why not. */
  #parseRow(row: number): RejectedRow | undefined {
    const symbolText = this.#columns.symbol?.textAt(row) ?? this.#mapping.symbol ?? "";
    const symbolCode = this.#symbolCode(symbolText);
    if (symbolCode < 0) {
      return this.#reject(row, "SYMBOL_INVALID", "symbol", symbolText, "1 to 32 of A-Z 0-9 . - _ ^ =");
    }
    const openedAtMs = this.#openedAtMs(row);
    // NaN fails this too. A candle opens on a whole second; a time between is that of a tick.
    if (openedAtMs % MS_PER_SECOND !== 0) {
      const accepted = "an existing date or time, to the second, in the mapping's format";
      return this.#reject(row, "DATE_INVALID", "time", this.#columns.time?.textAt(row) ?? "", accepted);
    }
    const shift = this.#shifts[symbolCode]!;
    const numbers = this.#numbers;
    for (const field of NUMBER_FIELDS) {
      const value = this.#number(this.#columns[field], row, field === "volume" ? 0 : shift);
      if (value === REFUSED) {
        return this.#reject(row, "ROWS_INVALID", field, this.#columns[field]?.textAt(row) ?? "", "a number");
      }
      numbers[field] = value;
    }
    if (numbers.volume < 0) {
      return this.#reject(row, "ROWS_INVALID", "volume", String(numbers.volume), "a number of at least 0");
    }
    const batch = this.#batch;
    const at = batch.length++;
    batch.symbolCodes[at] = symbolCode;
    batch.openedAtMs[at] = openedAtMs;
    for (const field of NUMBER_FIELDS) batch[field][at] = numbers[field];
    batch.lines[at] = this.rowsRead + row + 1;
    const symbol = this.#dictionary.symbols[symbolCode]!;
    if (this.#columns.name !== undefined && !this.#names.has(symbol)) {
      const name = this.#columns.name.textAt(row)?.trim();
      if (name) this.#names.set(symbol, name);
    }
    return undefined;
  }

  #symbolCode(text: string): number {
    let code = this.#codeByText.get(text);
    if (code === undefined) {
      code = this.#dictionary.codeOfText(text);
      if (code < 0) return code;
      this.#codeByText.set(text, code);
      if (code === this.#shifts.length) this.#shifts.push(this.#shiftOf(this.#dictionary.symbols[code]!));
    }
    return code;
  }

  #openedAtMs(row: number): number {
    const column = this.#columns.time!;
    switch (column.type) {
      case "date":
      case "local-timestamp":
        return this.#times.fromLocal(column.numberAt(row));
      case "instant":
        return this.#times.fromInstant(column.numberAt(row));
      case "unsupported":
        return Number.NaN;
      default: {
        const text = column.textAt(row) ?? "";
        let time = this.#timeByText.get(text);
        if (time === undefined) {
          const bytes = encoder.encode(text);
          time = this.#times.parse(bytes, 0, bytes.length);
          if (this.#timeByText.size < MEMO_SIZE) this.#timeByText.set(text, time);
        }
        return time;
      }
    }
  }

  #number(column: TableColumn | undefined, row: number, shift: number): number {
    if (column === undefined) return Number.NaN;
    if (column.type === "number") {
      const value = column.numberAt(row);
      return Math.abs(value) === Number.POSITIVE_INFINITY ? REFUSED : shiftDecimal(value, shift);
    }
    const bytes = encoder.encode(column.textAt(row) ?? "");
    const value = column.type === "text" ? parseDecimal(bytes, 0, bytes.length, this.#decimalPoint, shift) : REFUSED;
    if (Number.isFinite(value)) return value;
    return isMissingValue(bytes, 0, bytes.length) ? Number.NaN : REFUSED;
  }

  #reject(row: number, code: RejectedRow["code"], field: string, value: string, accepted: string): RejectedRow {
    const cells = this.#table.columns.map((column) => column.textAt(row) ?? "");
    return {
      line: this.rowsRead + row + 1,
      code,
      reason: `invalid ${field}: ${JSON.stringify(value.slice(0, 80))} (accepted: ${accepted})`,
      text: cells.join(",").slice(0, REJECTED_TEXT_CHARS),
    };
  }
}

const encoder = new TextEncoder();
const MEMO_SIZE = 100_000;

/** No finite number: marks a refused value apart from `NaN`, which marks a missing one. */
const REFUSED = Number.POSITIVE_INFINITY;
