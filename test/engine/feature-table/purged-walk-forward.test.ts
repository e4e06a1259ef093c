import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { purgedWalkForward } from "../../../src/engine/feature-table/purged-walk-forward.js";

describe("purgedWalkForward({ rowCount, folds, purge, embargo, minTrainRows })", () => {
  it("trains on all rows up to the gap before each test", () => {
    expect(purgedWalkForward({ rowCount: 100, folds: 3, purge: 4, embargo: 1, minTrainRows: 35 })).toEqual([
      { train: { begin: 0, end: 35 }, test: { begin: 40, end: 60 } },
      { train: { begin: 0, end: 55 }, test: { begin: 60, end: 80 } },
      { train: { begin: 0, end: 75 }, test: { begin: 80, end: 100 } },
    ]);
  });

  const options = fc
    .record({
      folds: fc.integer({ min: 1, max: 12 }),
      purge: fc.integer({ min: 0, max: 30 }),
      embargo: fc.integer({ min: 0, max: 30 }),
      minTrainRows: fc.integer({ min: 1, max: 200 }),
      spare: fc.integer({ min: 0, max: 500 }),
    })
    .map(({ spare, ...rest }) => ({
      ...rest,
      rowCount: rest.minTrainRows + rest.purge + rest.embargo + rest.folds + spare,
    }));

  it("lets no label that spans purge + 1 rows reach from a training into its test", () => {
    fc.assert(
      fc.property(options, (given) => {
        for (const { train, test } of purgedWalkForward(given)) {
          const lastRowOfLastLabel = train.end - 1 + given.purge;
          expect(lastRowOfLastLabel).toBeLessThan(test.begin - given.embargo);
          expect(train.end).toBeGreaterThanOrEqual(given.minTrainRows);
        }
      }),
    );
  });

  it("tests every row after the first gap once, in folds that differ by a row at most", () => {
    fc.assert(
      fc.property(options, (given) => {
        const tests = purgedWalkForward(given).map(({ test }) => test);
        expect(tests[0]!.begin).toBe(given.minTrainRows + given.purge + given.embargo);
        expect(tests.at(-1)!.end).toBe(given.rowCount);
        for (let fold = 1; fold < tests.length; fold++) expect(tests[fold]!.begin).toBe(tests[fold - 1]!.end);
        const lengths = tests.map(({ begin, end }) => end - begin);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });

  const valid = { rowCount: 100, folds: 3, purge: 4, embargo: 1, minTrainRows: 35 };
  it.each([{ folds: 0 }, { purge: -1 }, { embargo: 0.5 }, { minTrainRows: 0 }, { rowCount: NaN }])(
    "refuses %o",
    (wrong) => {
      expect(() => purgedWalkForward({ ...valid, ...wrong })).toThrow(
        expect.objectContaining({ code: "ARGUMENT_INVALID" }),
      );
    },
  );

  it("refuses rows that leave a fold without a test", () => {
    expect(purgedWalkForward({ ...valid, rowCount: 43 })).toHaveLength(3);
    expect(() => purgedWalkForward({ ...valid, rowCount: 42 })).toThrow(
      expect.objectContaining({ code: "SERIES_TOO_SHORT", details: { rowCount: 42, folds: 3, firstTest: 40 } }),
    );
  });
});
