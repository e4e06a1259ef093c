import { WorkbenchError } from "../../engine/errors.js";

const SHOWN = 20;

/** Collects what is wrong with the lines of a file, so that one message tells all of it. */
export class FileProblems {
  readonly #label: string;
  readonly #shown: string[] = [];
  #count = 0;

  constructor(label: string) {
    this.#label = label;
  }

  add(line: number, problem: string): void {
    this.#count++;
    if (this.#shown.length < SHOWN) this.#shown.push(`line ${line}: ${problem}`);
  }

  /** @throws ROWS_INVALID */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const more = this.#count > SHOWN ? `; and ${this.#count - SHOWN} more` : "";
    throw new WorkbenchError("ROWS_INVALID", `invalid rows in ${this.#label}: ${this.#shown.join("; ")}${more}`, {
      details: { label: this.#label, count: this.#count },
    });
  }
}
