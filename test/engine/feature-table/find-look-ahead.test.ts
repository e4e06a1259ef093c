import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FeatureColumns } from "../../../src/engine/boosting/gradient-boosting.js";
import { WorkbenchError } from "../../../src/engine/errors.js";
import { findLookAhead, sentenceOfLeak } from "../../../src/engine/feature-table/find-look-ahead.js";
import { decidedByRow, type InputSeries, inputsByRow } from "../../../src/engine/feature-table/input-series.js";
import { exponentialMovingAverage } from "../../../src/engine/indicators/exponential-moving-average.js";
import { simpleMovingAverage } from "../../../src/engine/indicators/simple-moving-average.js";
import { summarize } from "../../../src/engine/statistics/moments.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";

const gaussian = gaussianRandom(seededRandom(5));
const close = Float64Array.from({ length: 120 }, () => 100 * Math.exp(0.02 * gaussian()));
const inputs = inputsByRow({ names: ["close"], columns: [close], rowCount: close.length });

const table = (name: string, values: Float64Array): FeatureColumns => ({
  names: [name],
  columns: [values],
  rowCount: values.length,
});

/** A build of one feature of one series. */
const feature = (name: string, of: (values: Float64Array) => Float64Array) => (series: readonly InputSeries[]) =>
  decidedByRow(table(name, of(series[0]!.values)));

const centredMean = (values: Float64Array) =>
  values.map((_, row) => summarize(values.subarray(Math.max(0, row - 2), row + 3)).mean);

describe("findLookAhead(build, inputs, { cuts })", () => {
  it("finds a centred moving average, with the rows that see past a cut and the first row they see", () => {
    const { leaks } = findLookAhead(feature("centred", centredMean), inputs, { cuts: [50, 80] });
    expect(leaks).toEqual([
      {
        kind: "value-changes",
        column: "centred",
        rows: [
          { begin: 49, end: 51 },
          { begin: 79, end: 81 },
        ],
        example: { row: 80, earliest: { series: "close", row: 81, knownAt: 81 } },
      },
    ]);
    expect(sentenceOfLeak(leaks[0]!)).toBe(
      "centred looks ahead: rows 49–50, 79–80 change with later inputs; row 80 depends on row 81 of close",
    );
  });

  it("names the row a feature reaches for, however far ahead", () => {
    const ahead = feature("in_a_week", (values) => values.map((_, row) => values[row + 7] ?? NaN));
    const [leak] = findLookAhead(ahead, inputs, { cuts: [60] }).leaks;
    expect(leak).toMatchObject({ rows: [{ begin: 54, end: 61 }], example: { row: 60, earliest: { row: 67 } } });
  });

  it("finds a z-score by the mean and deviation of the whole sample in every row up to the cut", () => {
    const zScore = feature("z", (values) => {
      const { mean, sampleStdDev } = summarize(values);
      return values.map((value) => (value - mean) / sampleStdDev);
    });
    const [leak] = findLookAhead(zScore, inputs, { cuts: [60] }).leaks;
    expect(leak).toMatchObject({ kind: "value-changes", column: "z", rows: [{ begin: 0, end: 61 }] });
  });

  it("finds what only the number of later rows decides", () => {
    const age = feature("rows_left", (values) => values.map((_, row) => values.length - row));
    const [leak] = findLookAhead(age, inputs, { cuts: [60] }).leaks;
    expect(leak).toMatchObject({ column: "rows_left", example: { row: 60, earliest: undefined } });
  });

  it("finds rows that are there only because later ones are", () => {
    const trimmed = (series: readonly InputSeries[]) => decidedByRow(table("close", series[0]!.values.slice(0, -3)));
    const { leaks } = findLookAhead(trimmed, inputs, { cuts: [60] });
    expect(leaks).toEqual([{ kind: "row-vanishes", rows: [{ begin: 58, end: 61 }] }]);
    expect(sentenceOfLeak(leaks[0]!)).toBe("rows 58–60 would not be there without later inputs");
  });

  describe("a join of a New York close onto decisions of the same day in Ho Chi Minh City", () => {
    const days = Float64Array.from({ length: 60 }, (_, day) => 24 * day);
    const hose: InputSeries = { name: "HPG", knownAt: days.map((day) => day + 7.75), values: close.slice(0, 60) };
    const newYork: InputSeries = { name: "copper", knownAt: days.map((day) => day + 21), values: close.slice(60, 120) };
    const joined = (daysBack: number) => (series: readonly InputSeries[]) => {
      const [target, source] = series as [InputSeries, InputSeries];
      const column = target.values.map((_, day) => source.values[day - daysBack] ?? NaN);
      return { ...table("copper_close", column), decidedAt: target.knownAt };
    };

    it("is found when it takes the close that comes thirteen hours later", () => {
      const { leaks } = findLookAhead(joined(0), [hose, newYork]);
      expect(leaks).toMatchObject([{ column: "copper_close", example: { earliest: { series: "copper" } } }]);
      const [leak] = leaks;
      if (leak?.kind !== "value-changes") throw new Error("no value changes");
      expect(leak.example.earliest!.knownAt - hose.knownAt[leak.example.row]!).toBe(13.25);
    });

    it("is honest when it takes the close of the day before", () => {
      expect(findLookAhead(joined(1), [hose, newYork]).leaks).toEqual([]);
    });
  });

  it("reports no causal feature, whatever its window, its input and the cuts", () => {
    const causal = {
      lagged: (window: number) => (values: Float64Array) => values.map((_, row) => values[row - window] ?? NaN),
      mean: (window: number) => (values: Float64Array) => simpleMovingAverage(values, { window }),
      ema: (window: number) => (values: Float64Array) => exponentialMovingAverage(values, { window }),
      highest: (window: number) => (values: Float64Array) =>
        values.map((_, row) => Math.max(...values.subarray(Math.max(0, row - window), row + 1))),
      zSoFar: () => (values: Float64Array) =>
        values.map((value, row) => {
          const { mean, sampleStdDev } = summarize(values.subarray(0, row + 1));
          return (value - mean) / sampleStdDev;
        }),
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(causal)),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN)), {
          minLength: 5,
          maxLength: 60,
        }),
        fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }),
        (make, window, values, cuts) => {
          const column = Float64Array.from(values);
          const series = inputsByRow(table("x", column));
          const build = feature("f", make(window));
          expect(findLookAhead(build, series, { cuts }).leaks).toEqual([]);
          expect(findLookAhead(build, series).leaks).toEqual([]);
        },
      ),
    );
  });

  it("only replaces the future where too little is left to build on", () => {
    const build = feature("centred", (values) => {
      if (values.length < 100) throw new WorkbenchError("SERIES_TOO_SHORT", "series too short");
      return centredMean(values);
    });
    const report = findLookAhead(build, inputs, { cuts: [40, 110] });
    expect(report.cutsNotShortened).toEqual([40]);
    expect(report.leaks).toMatchObject([
      {
        rows: [
          { begin: 39, end: 41 },
          { begin: 109, end: 111 },
        ],
      },
    ]);
  });

  it("refuses a build whose features differ from one time to the next", () => {
    let times = 0;
    const unsteady = feature("count", (values) => values.map(() => times++));
    expect(() => findLookAhead(unsteady, inputs)).toThrow(
      expect.objectContaining({ code: "FEATURES_INVALID", message: expect.stringContaining("count differs") }),
    );
  });

  it("refuses a cut that is no row", () => {
    expect(() => findLookAhead(feature("centred", centredMean), inputs, { cuts: [120] })).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID" }),
    );
  });
});
