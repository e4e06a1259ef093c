import { isWorkbenchError, WorkbenchError } from "../errors.js";
import { type DecidedFeatures, type InputSeries, inputsAltered, inputsKnownAt } from "./input-series.js";
import { type RowRange, rangesOfRows, textOfRanges } from "./row-range.js";

/** Makes features out of inputs. Equal inputs must give equal features. */
export type FeatureBuild = (inputs: readonly InputSeries[]) => DecidedFeatures;

export interface LookAheadOptions {
  /** Rows of the features at which the future is taken away; twelve spread over the later two thirds by default. */
  readonly cuts?: readonly number[];
}

/** An input that was not yet known. */
export interface FutureInput {
  readonly series: string;
  readonly row: number;
  readonly knownAt: number;
}

export type LookAheadLeak =
  | {
      readonly kind: "value-changes";
      readonly column: string;
      /** Rows seen to change; others may. */
      readonly rows: readonly RowRange[];
      /** The last of those rows, and the earliest later input it depends on; `undefined` when only their number counts. */
      readonly example: { readonly row: number; readonly earliest: FutureInput | undefined };
    }
  /** Rows that were there only because later inputs were. */
  | { readonly kind: "row-vanishes"; readonly rows: readonly RowRange[] };

export interface LookAheadReport {
  readonly leaks: readonly LookAheadLeak[];
  readonly cuts: readonly number[];
  /** Cuts at which the shortened inputs were too few to build on; the future was only replaced there. */
  readonly cutsNotShortened: readonly number[];
}

const DEFAULT_CUTS = 12;
const SEEDS = [1, 2] as const;

/**
 * Rebuilds the features at each cut without the inputs known after that row's decision, and with those inputs
 * replaced by other values, and compares all rows up to the cut bit by bit (`NaN` equals `NaN`). A value that changes
 * depends on the future. What no cut brings to light is not proven honest, but a feature of fixed form that looks
 * ahead is found at any cut.
 *
 * @throws FEATURES_INVALID when two builds of the same inputs differ, or decisions do not ascend; ARGUMENT_INVALID for a
 * cut that is no row; what `build` throws, but for SERIES_TOO_SHORT on shortened inputs
 */
export function findLookAhead(
  build: FeatureBuild,
  inputs: readonly InputSeries[],
  { cuts }: LookAheadOptions = {},
): LookAheadReport {
  const full = build(inputs);
  requireRepeatable(full, build(inputs));
  const cutRows = cuts ?? defaultCuts(full.rowCount);
  const changedRows = full.names.map(() => new Set<number>());
  const vanishedRows = new Set<number>();
  const cutsNotShortened: number[] = [];

  for (const cut of cutRows) {
    const decidedAt = requireRow(cut, full);
    const shortened = buildUnlessTooShort(build, inputsKnownAt(inputs, decidedAt));
    if (!shortened) cutsNotShortened.push(cut);
    const replaced = SEEDS.map((seed) => build(inputsAltered(inputs, (time) => time > decidedAt, seed)));
    for (const other of shortened ? [shortened, ...replaced] : replaced) {
      compare(full, other, decidedAt, {
        changed: (column, row) => changedRows[column]!.add(row),
        vanished: (row) => vanishedRows.add(row),
      });
    }
  }

  const leaks: LookAheadLeak[] = full.names.flatMap((column, index): LookAheadLeak[] => {
    const rows = [...changedRows[index]!].sort((a, b) => a - b);
    const row = rows.at(-1);
    if (row === undefined) return [];
    const earliest = earliestFutureInput(build, inputs, full, index, row);
    return [{ kind: "value-changes", column, rows: rangesOfRows(rows), example: { row, earliest } }];
  });
  if (vanishedRows.size > 0) {
    leaks.push({ kind: "row-vanishes", rows: rangesOfRows([...vanishedRows].sort((a, b) => a - b)) });
  }
  return { leaks, cuts: cutRows, cutsNotShortened };
}

/** Such as `centred looks ahead: rows 8–9 change with later inputs; row 9 depends on row 10 of close`. */
export function sentenceOfLeak(leak: LookAheadLeak): string {
  if (leak.kind === "row-vanishes") return `${textOfRanges(leak.rows)} would not be there without later inputs`;
  const { row, earliest } = leak.example;
  const cause = earliest ? `row ${earliest.row} of ${earliest.series}` : "how many rows follow";
  const verb = leak.rows.length === 1 && leak.rows[0]!.end - leak.rows[0]!.begin === 1 ? "changes" : "change";
  return `${leak.column} looks ahead: ${textOfRanges(leak.rows)} ${verb} with later inputs; row ${row} depends on ${cause}`;
}

/** By halving: the first time such that other values after the decision and up to it change the feature. */
function earliestFutureInput(
  build: FeatureBuild,
  inputs: readonly InputSeries[],
  full: DecidedFeatures,
  column: number,
  row: number,
): FutureInput | undefined {
  const decidedAt = full.decidedAt[row]!;
  const changesWith = (isAltered: (time: number, series: string) => boolean) =>
    SEEDS.some((seed) => {
      const other = build(inputsAltered(inputs, isAltered, seed));
      return other.rowCount > row && !Object.is(other.columns[column]![row], full.columns[column]![row]);
    });
  const times = [...new Set(inputs.flatMap(({ knownAt }) => [...knownAt.filter((time) => time > decidedAt)]))].sort(
    (a, b) => a - b,
  );
  if (!changesWith((time) => time > decidedAt)) return undefined;
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changesWith((time) => time > decidedAt && time <= times[middle]!)) high = middle;
    else low = middle + 1;
  }
  const knownAt = times[low]!;
  const candidates = inputs.filter((series) => series.knownAt.includes(knownAt));
  const series =
    candidates.find(({ name }) => changesWith((time, other) => time === knownAt && other === name)) ?? candidates[0]!;
  return { series: series.name, row: series.knownAt.indexOf(knownAt), knownAt };
}

interface Differences {
  changed(column: number, row: number): void;
  vanished(row: number): void;
}

/** Walks both tables by decision time, up to and including `lastDecision`. */
function compare(full: DecidedFeatures, other: DecidedFeatures, lastDecision: number, found: Differences): void {
  let otherRow = 0;
  for (let row = 0; row < full.rowCount && full.decidedAt[row]! <= lastDecision; row++) {
    while (otherRow < other.rowCount && other.decidedAt[otherRow]! < full.decidedAt[row]!) otherRow++;
    if (other.decidedAt[otherRow] !== full.decidedAt[row]) {
      found.vanished(row);
      continue;
    }
    for (let column = 0; column < full.columns.length; column++) {
      if (!Object.is(full.columns[column]![row], other.columns[column]![otherRow])) found.changed(column, row);
    }
    otherRow++;
  }
}

function buildUnlessTooShort(build: FeatureBuild, inputs: readonly InputSeries[]): DecidedFeatures | undefined {
  try {
    return build(inputs);
  } catch (error) {
    if (isWorkbenchError(error) && error.code === "SERIES_TOO_SHORT") return undefined;
    throw error;
  }
}

function requireRepeatable(once: DecidedFeatures, again: DecidedFeatures): void {
  const unordered = once.decidedAt.findIndex((time, row) => row > 0 && !(time >= once.decidedAt[row - 1]!));
  if (unordered >= 0) {
    throw new WorkbenchError("FEATURES_INVALID", `invalid features: row ${unordered} is decided before the row above`);
  }
  const differ = (column: string) => {
    throw new WorkbenchError(
      "FEATURES_INVALID",
      `invalid features: ${column} differs when the same inputs are built twice`,
      {
        details: { column },
      },
    );
  };
  if (once.rowCount !== again.rowCount) differ("the number of rows");
  compare(once, again, Number.POSITIVE_INFINITY, {
    changed: (column) => differ(once.names[column]!),
    vanished: () => differ("the decision time"),
  });
}

function requireRow(cut: number, { rowCount, decidedAt }: DecidedFeatures): number {
  const time = decidedAt[cut];
  if (time !== undefined) return time;
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid cut: ${cut} (accepted: a row from 0 to ${rowCount - 1})`, {
    details: { cut },
  });
}

function defaultCuts(rowCount: number): number[] {
  const rows = Array.from({ length: DEFAULT_CUTS }, (_, i) =>
    Math.floor(((rowCount - 1) * (DEFAULT_CUTS + 2 * i)) / (3 * DEFAULT_CUTS)),
  );
  return [...new Set(rows)].filter((row) => row >= 0);
}
