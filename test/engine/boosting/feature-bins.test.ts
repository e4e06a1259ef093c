import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binFeatures, type FeatureBins } from "../../../src/engine/boosting/feature-bins.js";
import type { FeatureColumns } from "../../../src/engine/boosting/gradient-boosting.js";

const table = (...columns: number[][]): FeatureColumns => ({
  names: columns.map((_, index) => `f${index}`),
  columns: columns.map((column) => Float64Array.from(column)),
  rowCount: columns[0]!.length,
});

function codesOf({ codes, rowCount }: FeatureBins, feature: number): number[] {
  const begin = Math.floor(feature / 4) * rowCount;
  return Array.from(codes.subarray(begin, begin + rowCount), (word) => (word >>> (8 * (feature % 4))) & 0xff);
}

describe("binFeatures(features, maxBins)", () => {
  it("gives each distinct value a bin where they suffice, ascending, and missing values the one after", () => {
    const bins = binFeatures(table([3, -1, 3, NaN, 0, -0]), 256);
    expect(codesOf(bins, 0)).toEqual([2, 0, 2, 3, 1, 1]);
    expect([...bins.lowest.subarray(0, 3)]).toEqual([-1, 0, 3]);
    expect([bins.binCount[0], bins.hasMissing[0], bins.firstSlot[1]]).toEqual([3, 1, 4]);
  });

  it("tells 256 values apart, or 255 when some are missing", () => {
    const values = Array.from({ length: 256 }, (_, i) => Math.sqrt(i));
    expect(binFeatures(table(values), 256).binCount[0]).toBe(256);
    expect(binFeatures(table([...values, NaN]), 256).binCount[0]).toBe(255);
  });

  it("cuts many values into bins of about equally many rows", () => {
    const values = Array.from({ length: 1_000 }, (_, i) => Math.exp(i / 100));
    const bins = binFeatures(table(values), 10);
    const rowsOfBin = Array.from({ length: 10 }, (_, bin) => codesOf(bins, 0).filter((code) => code === bin).length);
    expect(rowsOfBin).toEqual(new Array(10).fill(100));
  });

  it("keeps a value that fills many bins together and spends the others on the rest", () => {
    const values = Array.from({ length: 1_000 }, (_, i) => (i < 600 ? 0 : i));
    const bins = binFeatures(table(values), 10);
    expect(bins.binCount[0]).toBe(10);
    expect(bins.highest[0]).toBe(0);
  });

  it("orders bins as float32 orders values, whatever the values and the number of bins", () => {
    const value = fc.oneof(
      fc.float({ noDefaultInfinity: true }),
      fc.double({ min: -2, max: 2 }),
      fc.integer({ min: -3, max: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 2, max: 256 }),
        (values, maxBins) => {
          const bins = binFeatures(table(values, values.toReversed()), maxBins);
          const codes = codesOf(bins, 0);
          expect(codesOf(bins, 1)).toEqual(codes.toReversed());
          values.forEach((each, row) => {
            const code = codes[row]!;
            if (Number.isNaN(each)) {
              expect(code).toBe(bins.binCount[0]);
              return;
            }
            expect(Math.fround(each)).toBeGreaterThanOrEqual(bins.lowest[code]!);
            expect(Math.fround(each)).toBeLessThanOrEqual(bins.highest[code]!);
          });
          for (let bin = 1; bin < bins.binCount[0]!; bin++)
            expect(bins.lowest[bin]).toBeGreaterThan(bins.highest[bin - 1]!);
          expect(bins.firstSlot[1]).toBeLessThanOrEqual(maxBins);
        },
      ),
    );
  });
});
