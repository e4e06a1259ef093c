import { closeSync, existsSync, mkdirSync, openSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import type { RejectedRow } from "./reading/price-batch.js";

const SHOWN_REASONS = 3;

/** Collects the rejected rows of one file in a CSV of their own: `line,code,reason,text`. Made with the first row. */
export class RejectedRowsFile {
  readonly #folder: string;
  readonly #name: string;
  #path: string | undefined;
  #descriptor: number | undefined;
  #count = 0;
  readonly #reasons: string[] = [];

  constructor(folder: string, sourcePath: string, startedAtMs: number) {
    const stamp = new Date(startedAtMs).toISOString().replace(/[-:]|\.\d+/g, "");
    this.#folder = folder;
    this.#name = `${basename(sourcePath)}-${stamp}`;
  }

  get count(): number {
    return this.#count;
  }

  /** The file, once a row was rejected. */
  get path(): string | undefined {
    return this.#path;
  }

  /** The first few reasons, with their lines. */
  get examples(): readonly string[] {
    return this.#reasons;
  }

  add(rows: readonly RejectedRow[]): void {
    if (rows.length === 0) return;
    this.#descriptor ??= this.#create();
    writeSync(this.#descriptor, rows.map(csvLine).join(""));
    this.#count += rows.length;
    for (const { line, reason } of rows.slice(0, SHOWN_REASONS - this.#reasons.length)) {
      this.#reasons.push(`line ${line}: ${reason}`);
    }
  }

  /** Files of one name from different folders can be imported within a second: each gets a number of its own. */
  #create(): number {
    mkdirSync(this.#folder, { recursive: true });
    for (let number = 1; ; number++) {
      const path = join(this.#folder, `${this.#name}${number === 1 ? "" : `-${number}`}-rejected.csv`);
      if (existsSync(path)) continue;
      const descriptor = openSync(path, "wx");
      writeSync(descriptor, "line,code,reason,text\n");
      this.#path = path;
      return descriptor;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function csvLine({ line, code, reason, text }: RejectedRow): string {
  return `${line},${code},${quoted(reason)},${quoted(text)}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
