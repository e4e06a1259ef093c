import { WorkbenchError } from "../../engine/errors.js";
import { CsvScanner } from "../../import/reading/csv-scanner.js";
import { detectDelimiter } from "../../import/reading/detect-delimiter.js";
import { fileHasNoRows } from "../../import/reading/file-error.js";
import { shapeProblem } from "../../import/reading/record-shape.js";
import { fileLabel, readTextFile } from "./file-bytes.js";
import { FileProblems } from "./file-problems.js";

export interface NamedPair {
  readonly source: string;
  readonly target: string;
}

const COLUMNS = ["source", "target"];

/** Reads pairs of names: CSV with the columns `source` and `target`. @throws FILE_…, ROWS_INVALID */
export async function readPairsFile(path: string, signal: AbortSignal): Promise<NamedPair[]> {
  const label = fileLabel(path);
  const { bytes } = await readTextFile(path, signal);
  const scanner = new CsvScanner(detectDelimiter(bytes, { isWholeFile: true }) ?? ",");
  scanner.push(bytes);
  scanner.finish();
  scanner.next();
  const header = fieldsOf(scanner).map((name) => name.toLowerCase());
  requireHeader(label, header);
  const problems = new FileProblems(label);
  const pairs: NamedPair[] = [];
  while (scanner.next()) {
    const shape = shapeProblem(scanner, header.length);
    const fields = fieldsOf(scanner);
    const pair = { source: fields[header.indexOf("source")] ?? "", target: fields[header.indexOf("target")] ?? "" };
    if (shape !== undefined) problems.add(scanner.line, shape);
    else if (pair.source === "" || pair.target === "") {
      problems.add(scanner.line, "invalid pair: a name is empty (accepted: a source and a target)");
    }
    pairs.push(pair);
  }
  problems.throwIfAny();
  if (pairs.length === 0) throw fileHasNoRows(label);
  return pairs;
}

function fieldsOf(scanner: CsvScanner): string[] {
  return Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i).trim());
}

function requireHeader(label: string, header: readonly string[]): void {
  const problems = [
    ...header.filter((name) => !COLUMNS.includes(name)).map((name) => `unknown column ${JSON.stringify(name)}`),
    ...header
      .filter((name, i) => COLUMNS.includes(name) && header.indexOf(name) !== i)
      .map((name) => `column ${name} twice`),
    ...COLUMNS.filter((name) => !header.includes(name)).map((name) => `no column ${name}`),
  ];
  if (problems.length === 0) return;
  throw new WorkbenchError(
    "FILE_HEADER_INVALID",
    `invalid header of ${label}: ${problems.join(", ")} (accepted: source,target)`,
    { details: { label, header } },
  );
}
