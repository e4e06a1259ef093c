import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { ImportMapping } from "../mapping/import-mapping.js";
import { CsvScanner } from "./csv-scanner.js";
import { parseDecimal } from "./decimal-parser.js";
import { columnNames, fieldPositions, positionalNames } from "./file-header.js";
import { readBytes } from "./read-bytes.js";
import { readPrices } from "./read-prices.js";
import { SymbolDictionary } from "./symbol-dictionary.js";

/**
 * A few unscaled closes of every symbol of a price file: its 1st, 2nd, 4th, 8th, … close in the order of the file.
 * Price files are sorted by symbol as a rule, so this passes over the whole file, but of a CSV file it looks at
 * symbol and close alone. Rows that an import would reject are passed over; symbols without any close are absent.
 * @throws the failures of `readPrices` that concern the file
 */
export async function surveyCloses(
  path: string,
  mapping: ImportMapping,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Map<InstrumentSymbol, readonly number[]>> {
  if (mapping.format.container === "csv") {
    return surveyCsv(readBytes(path, { gzip: mapping.format.gzip, signal }), mapping);
  }
  const { time, symbol, close } = mapping.columns;
  const columns = { ...(time && { time }), ...(symbol && { symbol }), ...(close && { close }) };
  const samples = new CloseSamples();
  let symbols: readonly InstrumentSymbol[] = [];
  for await (const { candles } of readPrices(path, { ...mapping, columns, priceScale: 1 }, { signal })) {
    symbols = candles.symbols;
    for (let row = 0; row < candles.length; row++) samples.add(candles.symbolCodes[row]!, candles.close[row]!);
  }
  return samples.bySymbol(symbols);
}

async function surveyCsv(
  chunks: AsyncIterable<Uint8Array>,
  mapping: ImportMapping,
): Promise<Map<InstrumentSymbol, readonly number[]>> {
  const scanner = new CsvScanner(mapping.format.delimiter);
  const dictionary = new SymbolDictionary();
  const decimalPoint = mapping.format.decimal.charCodeAt(0);
  const samples = new CloseSamples();
  const singleSymbol = mapping.symbol === undefined ? -1 : dictionary.codeOfText(mapping.symbol);
  let columns: { count: number; symbol: number; close: number } | undefined;

  const scan = (): void => {
    while (scanner.next()) {
      if (columns === undefined) {
        columns = columnsOf(scanner, mapping);
        if (mapping.format.header) continue;
      }
      if (scanner.fieldCount !== columns.count) continue;
      const { bytes, starts, ends } = scanner;
      const code =
        columns.symbol < 0 ? singleSymbol : dictionary.codeOf(bytes, starts[columns.symbol]!, ends[columns.symbol]!);
      const close = parseDecimal(bytes, starts[columns.close]!, ends[columns.close]!, decimalPoint, 0);
      if (code >= 0) samples.add(code, close);
    }
  };

  for await (const chunk of chunks) {
    scanner.push(chunk);
    scan();
  }
  scanner.finish();
  scan();
  return samples.bySymbol(dictionary.symbols);
}

function columnsOf(scanner: CsvScanner, mapping: ImportMapping): { count: number; symbol: number; close: number } {
  const count = scanner.fieldCount;
  const cells = Array.from({ length: count }, (_, index) => scanner.field(index));
  const names = mapping.format.header ? columnNames(cells) : positionalNames(count);
  const { symbol = -1, close = -1 } = fieldPositions(mapping, names);
  return { count, symbol, close };
}

/** The 1st, 2nd, 4th, 8th, … finite close of each symbol code. */
class CloseSamples {
  readonly #countOf: number[] = [];
  readonly #samplesOf: number[][] = [];

  add(code: number, close: number): void {
    if (!Number.isFinite(close)) return;
    const count = (this.#countOf[code] ?? 0) + 1;
    this.#countOf[code] = count;
    if ((count & (count - 1)) !== 0) return;
    const samples = this.#samplesOf[code] ?? [];
    samples.push(close);
    this.#samplesOf[code] = samples;
  }

  bySymbol(symbols: readonly InstrumentSymbol[]): Map<InstrumentSymbol, readonly number[]> {
    const samplesBySymbol = new Map<InstrumentSymbol, readonly number[]>();
    for (const [code, samples] of this.#samplesOf.entries()) {
      if (samples !== undefined) samplesBySymbol.set(symbols[code]!, samples);
    }
    return samplesBySymbol;
  }
}
