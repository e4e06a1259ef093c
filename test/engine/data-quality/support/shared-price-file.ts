import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { CandleSeries } from "../../../../src/engine/market-data/candle-columns.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../../../src/engine/market-data/instrument-symbol.js";
import { TRADING_UTC_OFFSET_MS } from "../../../../src/engine/units/trading-date.js";

const SHARED_DATA = fileURLToPath(new URL("../../../../../shared/data/", import.meta.url));

/** Whether the real price files lie beside the repository. */
export const HAS_SHARED_DATA = existsSync(SHARED_DATA);

export const WITHOUT_SHARED_DATA = "needs ../shared/data, which is not there";

/** One real price file: its columns, and its candles by symbol with repeated times and missing closes left out. */
export interface SharedPriceFile {
  readonly hasOhlc: boolean;
  readonly hasVolume: boolean;
  readonly rows: number;
  readonly duplicateRows: number;
  readonly rowsWithoutClose: number;
  readonly seriesBySymbol: ReadonlyMap<InstrumentSymbol, CandleSeries>;
}

const FIELDS = ["open", "high", "low", "close", "volume"] as const;

/** Reads a price file that is sorted by symbol and time. */
export function readSharedPriceFile(path: string): SharedPriceFile {
  const bytes = readFileSync(SHARED_DATA + path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const [header = "", ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header.split(",");
  const timeColumn = names.indexOf("time");
  const symbolColumn = names.indexOf("symbol");
  const fieldColumns = FIELDS.map((field) => names.indexOf(field));

  let duplicateRows = 0;
  let rowsWithoutClose = 0;
  const rowsBySymbol = new Map<string, number[][]>();
  for (const line of lines) {
    const cells = line.split(",");
    const openedAtMs =
      Date.parse(`${cells[timeColumn]!.replace(" ", "T").padEnd(19, "T00:00:00")}Z`) - TRADING_UTC_OFFSET_MS;
    const row = [openedAtMs, ...fieldColumns.map((column) => Number.parseFloat(cells[column] ?? ""))];
    const rows = rowsBySymbol.get(cells[symbolColumn]!) ?? [];
    rowsBySymbol.set(cells[symbolColumn]!, rows);
    if (Number.isNaN(row[4]!)) rowsWithoutClose++;
    else if (rows.at(-1)?.[0] === openedAtMs) duplicateRows++;
    else rows.push(row);
  }
  return {
    hasOhlc: names.includes("open"),
    hasVolume: names.includes("volume"),
    rows: lines.length,
    duplicateRows,
    rowsWithoutClose,
    seriesBySymbol: new Map([...rowsBySymbol].map(([symbol, rows]) => [instrumentSymbol(symbol), toSeries(rows)])),
  };
}

function toSeries(rows: readonly number[][]): CandleSeries {
  const column = (index: number) => Float64Array.from(rows, (row) => row[index]!);
  const [openedAtMs, open, high, low, close, volume] = [
    column(0),
    column(1),
    column(2),
    column(3),
    column(4),
    column(5),
  ];
  return { length: rows.length, openedAtMs, open, high, low, close, volume };
}
