import type { SeriesValue } from "../port-value.js";
import { invalidInput } from "./step-inputs.js";

/** @throws ARGUMENT_INVALID unless both series have the same times */
export function requireSameTimes(port: string, series: SeriesValue, other: SeriesValue): void {
  const { timesMs } = series;
  if (timesMs.length !== other.timesMs.length) {
    throw invalidInput(port, `${timesMs.length} rows where the others have ${other.timesMs.length}`, "aligned series");
  }
  const row = timesMs.findIndex((timeMs, i) => timeMs !== other.timesMs[i]);
  if (row >= 0) throw invalidInput(port, `another time in row ${row}`, "aligned series");
}

/** Rows of both series at the times that both have. */
export function commonRows(a: SeriesValue, b: SeriesValue): { readonly a: Int32Array; readonly b: Int32Array } {
  const rows = Math.min(a.timesMs.length, b.timesMs.length);
  const found = { a: new Int32Array(rows), b: new Int32Array(rows) };
  let count = 0;
  for (let i = 0, j = 0; i < a.timesMs.length && j < b.timesMs.length; ) {
    const [timeA, timeB] = [a.timesMs[i]!, b.timesMs[j]!];
    if (timeA === timeB) {
      found.a[count] = i;
      found.b[count++] = j;
    }
    if (timeA <= timeB) i++;
    if (timeB <= timeA) j++;
  }
  return { a: found.a.subarray(0, count), b: found.b.subarray(0, count) };
}

/** The series at these rows. */
function atRows(series: SeriesValue, rows: ArrayLike<number>): SeriesValue {
  return {
    ...series,
    timesMs: Float64Array.from(rows, (row) => series.timesMs[row]!),
    values: Float64Array.from(rows, (row) => series.values[row]!),
  };
}

/** Both series at the times that both have, where both are defined. */
export function definedTogether(a: SeriesValue, b: SeriesValue): readonly [SeriesValue, SeriesValue] {
  const common = commonRows(a, b);
  const kept: number[] = [];
  for (let i = 0; i < common.a.length; i++) {
    if (!Number.isNaN(a.values[common.a[i]!]!) && !Number.isNaN(b.values[common.b[i]!]!)) kept.push(i);
  }
  return [
    atRows(
      a,
      kept.map((i) => common.a[i]!),
    ),
    atRows(
      b,
      kept.map((i) => common.b[i]!),
    ),
  ];
}
