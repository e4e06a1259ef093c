import { WorkbenchError } from "../errors.js";

/** Symmetric, row by row: entry (i, j) is `values[i * size + j]`. */
export interface CovarianceMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * Sample covariances (divisor n − 1) of columns of equal length, over the rows in which every column is defined.
 * @throws SERIES_MISALIGNED, SERIES_TOO_SHORT for fewer than two such rows
 */
export function sampleCovariance(columns: readonly Float64Array[]): CovarianceMatrix {
  const size = columns.length;
  const rows = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== rows)) {
    throw new WorkbenchError("SERIES_MISALIGNED", "misaligned columns (accepted: columns of equal length)");
  }
  const defined: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (columns.every((column) => !Number.isNaN(column[row]!))) defined.push(row);
  }
  if (defined.length < 2) {
    throw new WorkbenchError(
      "SERIES_TOO_SHORT",
      `too few rows with a value in every column: ${defined.length} (accepted: at least 2)`,
    );
  }
  const centred = columns.map((column) => {
    const values = Float64Array.from(defined, (row) => column[row]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  });
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < defined.length; k++) sum += centred[i]![k]! * centred[j]![k]!;
      values[i * size + j] = values[j * size + i] = sum / (defined.length - 1);
    }
  }
  return { size, values };
}

/**
 * The matrix with the share `intensity`, 0 to 1, of every covariance taken away and the variances kept: a sample of few
 * rows overstates how alike its columns are (Ledoit and Wolf, 2004, with the diagonal as target and a given intensity).
 */
export function shrinkToDiagonal({ size, values }: CovarianceMatrix, intensity: number): CovarianceMatrix {
  return { size, values: values.map((value, at) => (at % (size + 1) === 0 ? value : value * (1 - intensity))) };
}

/** Standard deviations: the square roots of the diagonal. */
export function standardDeviations({ size, values }: CovarianceMatrix): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.sqrt(values[i * size + i]!));
}
