import type { CsvScanner } from "./csv-scanner.js";

/** Why the scanner's current record cannot be read as `fieldCount` fields; `undefined` when it can. */
export function shapeProblem(scanner: CsvScanner, fieldCount: number): string | undefined {
  if (scanner.malformed) {
    return 'invalid quote: text follows a closing quote (accepted: a quote inside a quoted field written twice, "")';
  }
  if (scanner.fieldCount === fieldCount) return undefined;
  return `invalid row: ${scanner.fieldCount} fields (accepted: ${fieldCount}, as in the first row)`;
}
