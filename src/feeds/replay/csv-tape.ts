import { WorkbenchError } from "../../engine/errors.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { CsvColumns, type CsvRow } from "./csv-columns.js";
import { tapeLineError } from "./tape-file-error.js";
import { readTapeLines } from "./tape-lines.js";
import { tapeRangeOf } from "./tape-range.js";
import { type TapeEvent, type TickTape, tapeTimeOf } from "./tick-tape.js";

/** Appends the events of a row. Made anew for every reading of the file, as it counts volumes. */
export type RowReader = (row: CsvRow, into: TapeEvent[]) => void;

export interface CsvTapeOptions {
  readonly path: string;
  readonly description: string;
  readonly dataset: Dataset;
  readonly createReader: (columns: CsvColumns) => RowReader;
}

/**
 * A comma-separated file as a tape: a header, one row per line, no quotes. Every reading starts at the first row,
 * for volumes count up from there; events before the asked instant are passed over.
 */
export function createCsvTape({ path, description, dataset, createReader }: CsvTapeOptions): TickTape {
  async function* open(fromMs: number): AsyncGenerator<readonly TapeEvent[], void> {
    let columns: CsvColumns | undefined;
    let read: RowReader | undefined;
    let hasRows = false;
    for await (const { firstLine, lines } of readTapeLines(path)) {
      const events: TapeEvent[] = [];
      for (let index = 0; index < lines.length; index += 1) {
        const text = lines[index]!;
        const line = firstLine + index;
        if (text === "") continue;
        const fields = text.split(",");
        if (columns === undefined || read === undefined) {
          columns = new CsvColumns(path, fields);
          read = createReader(columns);
          continue;
        }
        if (fields.length !== columns.count) {
          throw tapeLineError(path, line, `${fields.length} fields (accepted: ${columns.count}, as in the header)`);
        }
        hasRows = true;
        read({ fields, line }, events);
      }
      const wanted = fromMs === Number.NEGATIVE_INFINITY ? events : events.filter((e) => tapeTimeOf(e) >= fromMs);
      if (wanted.length > 0) yield wanted;
    }
    if (!hasRows) {
      throw new WorkbenchError(
        "FILE_HAS_NO_ROWS",
        `invalid tape: ${path} has no rows (accepted: a header and at least one row)`,
        { details: { path } },
      );
    }
  }

  return { description, dataset, open, range: tapeRangeOf(path, open) };
}
