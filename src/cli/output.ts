import { once } from "node:events";
import type { Writable } from "node:stream";

/** Writes and, when the reader is slow, waits for it. */
export async function write(stream: Writable, content: string | Uint8Array): Promise<void> {
  if (!stream.write(content)) await once(stream, "drain");
}

/** One JSON document on a line of its own; `NaN` becomes null. */
export function writeJson(stream: Writable, value: unknown): Promise<void> {
  return write(stream, `${JSON.stringify(value)}\n`);
}

/** Rows as columns of text; numbers are aligned right. */
export function textTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell)));
  const widths = header.map((title, i) => Math.max(title.length, ...texts.map((row) => row[i]!.length)));
  const isNumber = header.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number"));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return `${[header, ...texts].map(line).join("\n")}\n`;
}
