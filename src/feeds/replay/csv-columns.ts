import { WorkbenchError } from "../../engine/errors.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { tapeLineError } from "./tape-file-error.js";

export interface CsvRow {
  readonly fields: readonly string[];
  readonly line: number;
}

export type CsvField<T> = (row: CsvRow) => T;

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** The columns of a file by the names in its header; each reader names line and field of what it cannot read. */
export class CsvColumns {
  readonly #path: string;
  readonly #names: readonly string[];

  /** @throws FILE_HEADER_INVALID for a name that occurs twice */
  constructor(path: string, names: readonly string[]) {
    this.#path = path;
    this.#names = names.map((name) => name.trim());
    const twice = this.#names.find((name, index) => this.#names.indexOf(name) !== index);
    if (twice !== undefined)
      throw this.#headerError(`two columns are named ${JSON.stringify(twice)}`, "each name once");
  }

  get count(): number {
    return this.#names.length;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /** @throws FILE_HEADER_INVALID when there is no such column, as the others do */
  text(name: string): CsvField<string> {
    const index = this.#names.indexOf(name);
    if (index < 0) throw this.#headerError(`no column ${name}`, `columns ${this.#names.join(", ")} and ${name}`);
    return ({ fields }) => fields[index]!;
  }

  parsed<T>(name: string, accepted: string, parse: (text: string) => T | undefined): CsvField<T> {
    const text = this.text(name);
    return (row) => {
      const value = parse(text(row));
      if (value !== undefined) return value;
      throw tapeLineError(
        this.#path,
        row.line,
        `invalid ${name}: ${JSON.stringify(text(row).slice(0, 60))} (accepted: ${accepted})`,
      );
    };
  }

  oneOf<T>(name: string, values: ReadonlyMap<string, T>): CsvField<T> {
    return this.parsed(name, [...values.keys()].join(", "), (text) => values.get(text));
  }

  number(name: string): CsvField<number> {
    return this.parsed(name, "a number", parseNumber);
  }

  positive(name: string): CsvField<number> {
    return this.parsed(name, "a number above 0", (text) => {
      const value = parseNumber(text);
      return value !== undefined && value > 0 ? value : undefined;
    });
  }

  symbol(name: string): CsvField<InstrumentSymbol> {
    return this.parsed(name, "1 to 32 of A-Z 0-9 . - _ ^ =", (text) =>
      SYMBOL_PATTERN.test(text) ? (text as InstrumentSymbol) : undefined,
    );
  }

  #headerError(problem: string, accepted: string): WorkbenchError {
    return new WorkbenchError(
      "FILE_HEADER_INVALID",
      `invalid tape: ${this.#path}: ${problem} (accepted: ${accepted})`,
      { details: { path: this.#path } },
    );
  }
}

function parseNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
