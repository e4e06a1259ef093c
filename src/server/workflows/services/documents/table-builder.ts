import { WorkbenchError } from "../../../../engine/errors.js";
import type { TableCell, TableValue } from "../../../../engine/workflow/port-value.js";

export const MOST_ROWS = 100_000;
/** Characters of all texts: a table of more could not be kept as the output of a step. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** Gathers the rows of a table of known columns. @throws REQUEST_TOO_LARGE past 100,000 rows or 32 Mi characters */
export class TableBuilder {
  readonly #what: string;
  readonly #names: readonly string[];
  readonly #cells: TableCell[][];
  #rowCount = 0;
  #characters = 0;

  constructor(what: string, names: readonly string[]) {
    this.#what = what;
    this.#names = names;
    this.#cells = names.map(() => []);
  }

  /** One cell for each column. */
  add(row: readonly TableCell[]): void {
    if (this.#rowCount === MOST_ROWS) throw this.#tooLarge(`more than ${MOST_ROWS} rows`);
    this.#rowCount++;
    row.forEach((cell, column) => {
      if (typeof cell === "string") this.#characters += cell.length;
      this.#cells[column]!.push(cell);
    });
    if (this.#characters > MOST_CHARACTERS) throw this.#tooLarge(`more than ${MOST_CHARACTERS} characters`);
  }

  build(): TableValue {
    return { rowCount: this.#rowCount, columns: this.#names.map((name, at) => ({ name, cells: this.#cells[at]! })) };
  }

  #tooLarge(problem: string): WorkbenchError {
    return new WorkbenchError(
      "REQUEST_TOO_LARGE",
      `invalid table: ${this.#what} has ${problem} (accepted: up to ${MOST_ROWS} rows and ${MOST_CHARACTERS} characters)`,
    );
  }
}
