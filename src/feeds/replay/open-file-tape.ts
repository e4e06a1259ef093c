import { WorkbenchError } from "../../engine/errors.js";
import type { DnseUnits } from "../dnse/dnse-units.js";
import { createFramesTape } from "./frames-tape.js";
import { createLobsterTape, LOBSTER_COLUMNS } from "./lobster-tape.js";
import { readTapeLines } from "./tape-lines.js";
import type { TickTape } from "./tick-tape.js";
import { createTicksTape, TICKS_COLUMNS } from "./ticks-tape.js";
import { createTradesTape, TRADES_COLUMNS } from "./trades-tape.js";

/** Kinds of files by columns that only they have, the most particular first. */
const KINDS: readonly (readonly [columns: readonly string[], create: (path: string) => TickTape])[] = [
  [LOBSTER_COLUMNS, createLobsterTape],
  [TRADES_COLUMNS, createTradesTape],
  [TICKS_COLUMNS, createTicksTape],
];

/**
 * A file as a tape, by its first line: a recording of frames or a header of columns, gzip or not. `units` are those of
 * recorded frames.
 * @throws FILE_NOT_FOUND, FILE_IS_FOLDER, FILE_UNREADABLE, FILE_TRUNCATED, FILE_EMPTY, FILE_LINE_TOO_LONG, and
 * FILE_HEADER_INVALID for columns of none of these
 */
export async function openFileTape(path: string, options: { readonly units?: DnseUnits } = {}): Promise<TickTape> {
  const first = await firstLine(path);
  if (first.startsWith("{")) return createFramesTape(path, options);
  const header = first.split(",").map((name) => name.trim());
  const kind = KINDS.find(([columns]) => columns.every((name) => header.includes(name)));
  if (kind !== undefined) return kind[1](path);
  throw new WorkbenchError(
    "FILE_HEADER_INVALID",
    `invalid tape: ${path} begins with ${JSON.stringify(header.join(",").slice(0, 80))} (accepted: a recording of frames, or the columns ${TICKS_COLUMNS.join(", ")})`,
    { details: { path } },
  );
}

async function firstLine(path: string): Promise<string> {
  for await (const { lines } of readTapeLines(path)) return lines[0]!;
  return "";
}
