import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BoostingFit, type FeatureColumns, STUDY_BOOSTING } from "../src/engine/boosting/gradient-boosting.js";
import { gaussianRandom, seededRandom } from "../src/engine/statistics/seeded-random.js";

/** The numbers of the rival's script. */
const LAGS = 31;
const FOLDS = 5;

export interface LabelledTable {
  readonly features: FeatureColumns;
  readonly labels: Float64Array;
}

/** Normal features, and labels that follow three of them with as much noise as signal. */
export function labelledTable(rowCount: number, columnCount: number): LabelledTable {
  const gaussian = gaussianRandom(seededRandom(1));
  const columns = Array.from({ length: columnCount }, () => Float64Array.from({ length: rowCount }, gaussian));
  const [x, y, z] = columns as [Float64Array, Float64Array, Float64Array];
  const labels = x.map((value, row) => Math.sin(2 * value) + 0.5 * y[row]! * z[row]! + gaussian());
  return { features: { names: columns.map((_, index) => `f${index}`), columns, rowCount }, labels };
}

/** A study as lead-lag research runs it: each lag of the first column, in five expanding folds. */
export function* studyFits({ features, labels }: LabelledTable): Generator<BoostingFit & { testLabels: Float64Array }> {
  const { names, columns, rowCount } = features;
  for (let lag = 0; lag < LAGS; lag++) {
    const shifted = columns.with(
      0,
      columns[0]!.map((_, row) => columns[0]!.at(row - lag)!),
    );
    for (let fold = 0; fold < FOLDS; fold++) {
      const begin = Math.floor((rowCount * (fold + 1)) / (FOLDS + 1));
      const end = Math.floor((rowCount * (fold + 2)) / (FOLDS + 1));
      const rows = (from: number, to: number) => ({
        names,
        columns: shifted.map((column) => column.subarray(from, to)),
        rowCount: to - from,
      });
      yield {
        train: rows(0, begin),
        labels: labels.subarray(0, begin),
        test: rows(begin, end),
        testLabels: labels.subarray(begin, end),
        parameters: STUDY_BOOSTING,
      };
    }
  }
}

/** The table as a file for the rival, for as long as `work` takes. */
export async function withTableFile<T>({ features, labels }: LabelledTable, work: (file: string) => Promise<T>) {
  const folder = mkdtempSync(join(tmpdir(), "quantflow-bench-"));
  const file = join(folder, "table.f64");
  try {
    writeFileSync(file, Buffer.concat([...features.columns, labels].map((column) => Buffer.from(column.buffer))));
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
