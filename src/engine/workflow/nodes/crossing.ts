import type { SeriesValue } from "../port-value.js";
import { commonRows } from "./series-times.js";

export type Crossing =
  | { readonly kind: "over" | "under" | "none" }
  /** The two cannot be compared on their last rows. */
  | { readonly kind: "undefined"; readonly reason: string };

/**
 * What a series did to another, or to a level, on its last row. It crossed over when it is above now and was below on
 * the last row before on which the two differed; crossing under is the mirror image. Rows on which either is not defined
 * are passed over, but the last one must be defined, and both must end at the same time.
 */
export function lastCrossing(a: SeriesValue, b: SeriesValue | number): Crossing {
  const differences = typeof b === "number" ? a.values.map((value) => value - b) : commonDifferences(a, b);
  if (differences === undefined) return { kind: "undefined", reason: "the series end at different times" };
  const last = differences.at(-1);
  if (last === undefined || Number.isNaN(last)) return { kind: "undefined", reason: "not defined on the last row" };
  if (last === 0) return { kind: "none" };
  for (let row = differences.length - 2; row >= 0; row--) {
    const before = differences[row]!;
    if (Number.isNaN(before) || before === 0) continue;
    if (before > 0 === last > 0) return { kind: "none" };
    return { kind: last > 0 ? "over" : "under" };
  }
  return { kind: "none" };
}

function commonDifferences(a: SeriesValue, b: SeriesValue): Float64Array | undefined {
  if (a.timesMs.length > 0 && b.timesMs.length > 0 && a.timesMs.at(-1) !== b.timesMs.at(-1)) return undefined;
  const rows = commonRows(a, b);
  return Float64Array.from(rows.a, (row, i) => a.values[row]! - b.values[rows.b[i]!]!);
}
