import type { Table } from "npm:apache-arrow";
import type { PriceSeries } from "../../engine/market-data/price-series.js";
import { numberColumn } from "../arrow-columns.js";

/** Daily closes of all instruments, by symbol. Days are epoch milliseconds at 00:00 UTC, ascending. */
export class ClosesBySymbol {
  readonly #days: Float64Array;
  readonly #closes: Float64Array;
  readonly #rowsOf = new Map<string, number[]>();

  constructor(table: Table) {
    this.#days = numberColumn(table, "date");
    this.#closes = numberColumn(table, "close");
    let row = 0;
    for (const chunk of table.getChild("symbol")?.data ?? []) {
      const names: string[] = chunk.dictionary ? Array.from(chunk.dictionary, String) : [];
      const codes = chunk.values as ArrayLike<number>;
      for (let index = 0; index < chunk.length; index++, row++) this.#add(names[codes[index] ?? -1], row);
    }
  }

  has(symbol: string): boolean {
    return this.#rowsOf.has(symbol);
  }

  /** The closes of one symbol; empty when there are none. */
  series(symbol: string): PriceSeries {
    const rows = [...(this.#rowsOf.get(symbol) ?? [])].sort((a, b) => (this.#days[a] ?? 0) - (this.#days[b] ?? 0));
    return {
      openedAtMs: Float64Array.from(rows, (row) => this.#days[row] ?? Number.NaN),
      prices: Float64Array.from(rows, (row) => this.#closes[row] ?? Number.NaN),
    };
  }

  #add(symbol: string | undefined, row: number): void {
    if (symbol === undefined) return;
    const rows = this.#rowsOf.get(symbol);
    if (rows) rows.push(row);
    else this.#rowsOf.set(symbol, [row]);
  }
}

/** First and last day that both series have. */
export function commonDays(first: PriceSeries, second: PriceSeries): { firstMs: number; lastMs: number } | undefined {
  const days = new Set(first.openedAtMs);
  const common = second.openedAtMs.filter((day) => days.has(day));
  const [firstMs, lastMs] = [common[0], common.at(-1)];
  return firstMs === undefined || lastMs === undefined ? undefined : { firstMs, lastMs };
}
