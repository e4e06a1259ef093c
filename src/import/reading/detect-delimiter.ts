import { isWorkbenchError } from "../../engine/errors.js";
import { CsvScanner } from "./csv-scanner.js";

export const DELIMITERS = [",", ";", "\t", "|"] as const;

const ROWS_LOOKED_AT = 50;

/**
 * The delimiter that splits the first row into several columns and most following rows into as many; among equals
 * the one with more columns. `undefined` when each leaves one column.
 */
export function detectDelimiter(head: Uint8Array, { isWholeFile }: { isWholeFile: boolean }): string | undefined {
  let best: { delimiter: string; share: number; columns: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const counts = fieldCounts(head, delimiter, isWholeFile);
    const [columns = 0, ...rows] = counts;
    if (columns < 2) continue;
    const share = rows.length === 0 ? 1 : rows.filter((count) => count === columns).length / rows.length;
    if (best === undefined || share > best.share || (share === best.share && columns > best.columns)) {
      best = { delimiter, share, columns };
    }
  }
  return best?.delimiter;
}

function fieldCounts(head: Uint8Array, delimiter: string, isWholeFile: boolean): number[] {
  const scanner = new CsvScanner(delimiter);
  scanner.push(head);
  if (isWholeFile) scanner.finish();
  const counts: number[] = [];
  try {
    while (counts.length <= ROWS_LOOKED_AT && scanner.next()) counts.push(scanner.fieldCount);
  } catch (error) {
    if (!isWorkbenchError(error)) throw error; // a wrong delimiter may open quotes that never close
  }
  return counts;
}
