import { WorkbenchError } from "../../engine/errors.js";
import type { StudySeries } from "../../engine/lead-lag/study-series.js";
import { tradingDateOf } from "../../engine/units/trading-date.js";
import { CsvScanner } from "../../import/reading/csv-scanner.js";
import { detectDelimiter } from "../../import/reading/detect-delimiter.js";
import { fileHasNoRows, fileNotTabular } from "../../import/reading/file-error.js";
import { shapeProblem } from "../../import/reading/record-shape.js";
import { columnNameProblems, readValue, TIMES, timeReader, VALUES } from "./csv-columns.js";
import { fileLabel, readTextFile } from "./file-bytes.js";
import { FileProblems } from "./file-problems.js";

export interface SeriesFile {
  /** By name, in the order of the columns. All share one clock. */
  readonly series: ReadonlyMap<string, StudySeries>;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** Whether no two rows are of one day. */
  readonly isDaily: boolean;
}

export interface SeriesFileOptions {
  readonly kind: StudySeries["kind"];
  readonly signal: AbortSignal;
}

/**
 * Reads series side by side: CSV with a column `time` (dates, dates and times, or whole numbers; strictly ascending),
 * then one column for each series. An empty cell, NaN or null is no value.
 * @throws FILE_… for a file that cannot be read, ROWS_INVALID, SERIES_MISALIGNED for times that do not ascend
 */
export async function readSeriesFile(path: string, { kind, signal }: SeriesFileOptions): Promise<SeriesFile> {
  const label = fileLabel(path);
  const { bytes, sha256 } = await readTextFile(path, signal);
  const delimiter = detectDelimiter(bytes, { isWholeFile: true });
  if (delimiter === undefined) {
    throw fileNotTabular(label, "has one column", "a column time, then one column for each series");
  }
  const scanner = new CsvScanner(delimiter);
  scanner.push(bytes);
  scanner.finish();
  scanner.next();
  const names = seriesNames(label, scanner);
  const { openedAtMs, columns } = readRows(label, scanner, names);
  return {
    series: new Map(names.map((name, i) => [name, { name, kind, openedAtMs, values: columns[i]! }])),
    sha256,
    isDaily: openedAtMs.every(
      (timeMs, row) => row === 0 || tradingDateOf(timeMs) !== tradingDateOf(openedAtMs[row - 1]!),
    ),
  };
}

function seriesNames(label: string, scanner: CsvScanner): string[] {
  const [time, ...names] = Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i).trim());
  const problems = [
    ...(time?.toLowerCase() === "time" ? [] : [`the first column is ${JSON.stringify(time)}`]),
    ...columnNameProblems(names, 2),
  ];
  if (problems.length === 0) return names;
  throw new WorkbenchError(
    "FILE_HEADER_INVALID",
    `invalid header of ${label}: ${problems.join(", ")} (accepted: time, then a different name for each series)`,
    { details: { label, problems } },
  );
}

function readRows(label: string, scanner: CsvScanner, names: readonly string[]) {
  const times: number[] = [];
  const columns: number[][] = names.map(() => []);
  const problems = new FileProblems(label);
  let readTime: (() => number) | undefined;
  while (scanner.next()) {
    const shape = shapeProblem(scanner, names.length + 1);
    if (shape !== undefined) {
      problems.add(scanner.line, shape);
      continue;
    }
    readTime ??= timeReader(scanner, 0);
    const timeMs = readTime();
    if (Number.isNaN(timeMs)) problems.add(scanner.line, `invalid time: ${scanner.field(0)} (accepted: ${TIMES})`);
    else if (times.length > 0 && timeMs <= times.at(-1)!) throw notAscending(label, scanner);
    times.push(timeMs);
    names.forEach((name, i) => {
      const value = readValue(scanner, i + 1);
      if (value === undefined) {
        problems.add(scanner.line, `invalid value of ${name}: ${scanner.field(i + 1)} (accepted: ${VALUES})`);
      }
      columns[i]!.push(value ?? Number.NaN);
    });
  }
  problems.throwIfAny();
  if (times.length === 0) throw fileHasNoRows(label);
  return { openedAtMs: Float64Array.from(times), columns: columns.map((values) => Float64Array.from(values)) };
}

function notAscending(label: string, scanner: CsvScanner): WorkbenchError {
  return new WorkbenchError(
    "SERIES_MISALIGNED",
    `misaligned series: line ${scanner.line} of ${label}, ${scanner.field(0)}, does not come after the line before (accepted: strictly ascending times)`,
    { details: { label, line: scanner.line } },
  );
}
