import type { FeatureColumns } from "../../engine/boosting/gradient-boosting.js";
import { WorkbenchError } from "../../engine/errors.js";
import { CsvScanner } from "../../import/reading/csv-scanner.js";
import { detectDelimiter } from "../../import/reading/detect-delimiter.js";
import { fileHasNoRows, fileNotTabular } from "../../import/reading/file-error.js";
import { shapeProblem } from "../../import/reading/record-shape.js";
import { columnNameProblems, isMissingCell, readValue, TIMES, timeReader, VALUES } from "../lead-lag/csv-columns.js";
import { fileLabel, readTextFile } from "../lead-lag/file-bytes.js";
import { FileProblems } from "../lead-lag/file-problems.js";
import { type ColumnRoles, type NamedRoles, rolesIn } from "./column-roles.js";

/** A table of features as a file has it. */
export interface FeatureFile {
  readonly label: string;
  readonly features: FeatureColumns;
  readonly target: Float64Array;
  /** Strictly ascending; `undefined` when the rows have no time. */
  readonly timesMs: Float64Array | undefined;
  /** When the values of a feature were known, by its name; `NaN` where the file does not say. */
  readonly knownAtMs: ReadonlyMap<string, Float64Array>;
  /** The line of the file on which each row begins. */
  readonly lines: readonly number[];
}

/**
 * Reads a CSV file of one target, features, and times where there are any; every column without another role is a
 * feature. An empty cell, NaN or null is no value.
 * @throws FILE_… for a file that cannot be read, ARGUMENT_INVALID for a column it does not have, ROWS_INVALID,
 * SERIES_MISALIGNED for times that do not ascend
 */
export async function readFeatureFile(path: string, named: NamedRoles, signal: AbortSignal): Promise<FeatureFile> {
  const label = fileLabel(path);
  const { bytes } = await readTextFile(path, signal);
  const delimiter = detectDelimiter(bytes, { isWholeFile: true });
  if (delimiter === undefined) throw fileNotTabular(label, "has one column", "a target and at least one feature");
  const scanner = new CsvScanner(delimiter);
  scanner.push(bytes);
  scanner.finish();
  scanner.next();
  const names = columnNames(label, scanner);
  const roles = rolesIn(names, named, label);
  const { lines, columns } = readRows(label, scanner, names, roles);
  const columnOf = (name: string) => columns[names.indexOf(name)]!;
  return {
    label,
    features: { names: roles.features, columns: roles.features.map(columnOf), rowCount: lines.length },
    target: columnOf(roles.target),
    timesMs: roles.time === undefined ? undefined : columnOf(roles.time),
    knownAtMs: new Map([...roles.knownAt].map(([feature, column]) => [feature, columnOf(column)])),
    lines,
  };
}

function columnNames(label: string, scanner: CsvScanner): string[] {
  const names = Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i).trim());
  const problems = columnNameProblems(names, 1);
  if (problems.length === 0) return names;
  throw new WorkbenchError(
    "FILE_HEADER_INVALID",
    `invalid header of ${label}: ${problems.join(", ")} (accepted: a different name for each column)`,
    { details: { label, problems } },
  );
}

/** The current cell of a column; a message for one that cannot be read. */
type CellReader = () => number | string;

function readRows(label: string, scanner: CsvScanner, names: readonly string[], roles: ColumnRoles) {
  const lines: number[] = [];
  const columns: number[][] = names.map(() => []);
  const problems = new FileProblems(label);
  const readers = names.map((name, i) => cellReader(scanner, i, name, roles));
  const timeIndex = roles.time === undefined ? -1 : names.indexOf(roles.time);
  while (scanner.next()) {
    const shape = shapeProblem(scanner, names.length);
    if (shape !== undefined) {
      problems.add(scanner.line, shape);
      continue;
    }
    lines.push(scanner.line);
    readers.forEach((read, i) => {
      const value = read();
      if (typeof value === "string") problems.add(scanner.line, value);
      columns[i]!.push(typeof value === "string" ? Number.NaN : value);
    });
    requireLater(label, scanner, columns[timeIndex], timeIndex);
  }
  problems.throwIfAny();
  if (lines.length === 0) throw fileHasNoRows(label);
  return { lines, columns: columns.map((values) => Float64Array.from(values)) };
}

function cellReader(scanner: CsvScanner, index: number, name: string, roles: ColumnRoles): CellReader {
  const isTime = name === roles.time;
  if (!isTime && ![...roles.knownAt.values()].includes(name)) {
    return () => {
      const value = readValue(scanner, index);
      return value !== undefined && Math.abs(value) !== Infinity
        ? value
        : `invalid value of ${name}: ${scanner.field(index)} (accepted: ${VALUES})`;
    };
  }
  let readTime: (() => number) | undefined;
  return () => {
    if (!isTime && isMissingCell(scanner, index)) return Number.NaN;
    readTime ??= timeReader(scanner, index);
    const timeMs = readTime();
    if (!Number.isNaN(timeMs)) return timeMs;
    return `invalid time in ${name}: ${scanner.field(index)} (accepted: ${TIMES})`;
  };
}

/** A later row must be a later time, or "rows later" means nothing. */
function requireLater(label: string, scanner: CsvScanner, times: readonly number[] | undefined, index: number): void {
  const [before, now] = times?.slice(-2) ?? [];
  if (before === undefined || now === undefined || !(now <= before)) return;
  throw new WorkbenchError(
    "SERIES_MISALIGNED",
    `misaligned rows: line ${scanner.line} of ${label}, ${scanner.field(index)}, does not come after the line before (accepted: strictly ascending times)`,
    { details: { label, line: scanner.line } },
  );
}
