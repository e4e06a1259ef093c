import { describe, expect, it } from "vitest";
import { histogramBoosting } from "../../../src/engine/boosting/histogram-boosting.js";
import { studyPair, studyPairWithBoosting } from "../../../src/engine/lead-lag/study-pair.js";
import { MS_PER_DAY, MS_PER_HOUR } from "../../../src/engine/units/epoch-ms.js";
import { simulatePair } from "../../support/lead-lag-simulation.js";
import { OPTIONS, pairOf, priceSeries, returnsSeries } from "../../support/study-inputs.js";

const strong = simulatePair(501, { kind: "linear", lag: 7, correlation: 0.35 });
/** One of the nineteen in twenty unrelated pairs in which nothing is found by chance. */
const none = simulatePair(504, { kind: "none" });

describe("studyPair(input, options)", () => {
  const found = studyPair(pairOf(strong.source, strong.target), OPTIONS);

  it("finds a planted lead with its lag, and confirms it on days kept apart", () => {
    expect(found.verdict).toMatchObject({ kind: "lead-found", lag: 7, lagInterval: [7, 7], isConfirmed: true });
    expect(found.heldOut.lag).toBe(7);
    expect(found.heldOutIc).toBeGreaterThan(0.2);
    expect(found.signStability).toBe(1);
    expect(found.lags[7]!.pearson).toBeGreaterThan(0.25);
  });

  it("has intervals of the correlation that hold it, by resampling and by formula", () => {
    const { correlation } = found.test.lead;
    for (const [low, high] of [found.bootstrap.correlationInterval, found.hacInterval]) {
      expect(low).toBeLessThan(correlation);
      expect(high).toBeGreaterThan(correlation);
      expect(high - low).toBeLessThan(0.2);
    }
  });

  it("says in words what it found", () => {
    expect(found.verdict.reasons[0]).toMatch(/follows the source 7 trading days later, in proportion/);
    expect(found.verdict.reasons[1]).toMatch(/^Confirmed on the \d+ days kept apart/);
  });

  it("answers that there is nothing, with the size it would have found", () => {
    const { verdict } = studyPair(pairOf(none.source, none.target), OPTIONS);
    expect(verdict).toMatchObject({ kind: "no-lead-found", lag: null, lagInterval: null });
    expect(verdict.reasons[0]).toMatch(/would have been found 80 times in 100/);
  });

  it("calls a move on the same day not tradable", () => {
    const together = none.target.map((value, day) => value + 0.5 * none.source[day]!);
    expect(studyPair(pairOf(none.source, together), OPTIONS).verdict).toMatchObject({ kind: "not-tradable", lag: 0 });
  });

  it("counts lag 0 as a lead when the source closes in the night before the target's session", () => {
    const together = none.target.map((value, day) => value + 0.5 * none.source[day]!);
    const evening = { earliestMs: 28 * MS_PER_HOUR, latestMs: 29 * MS_PER_HOUR };
    const afternoon = { earliestMs: 14.75 * MS_PER_HOUR, latestMs: 14.75 * MS_PER_HOUR };
    // A close at 05:00 of the next day meets the session of that day: the source's row is a day older.
    const source = { ...returnsSeries("night", none.source.subarray(1)), closing: evening };
    const target = { ...returnsSeries("day", together), closing: afternoon, sessionOpensAfterMs: 9 * MS_PER_HOUR };
    const { verdict, isLagZeroTradable } = studyPair({ source, target }, OPTIONS);
    expect(isLagZeroTradable).toBe(true);
    expect(verdict).toMatchObject({ kind: "lead-found", lag: 0 });
  });

  it("finds the lag of series on different calendars, which aligning by row would lose", () => {
    let recovered = 0;
    for (let i = 0; i < 40; i++) {
      const lag = 1 + (i % 20);
      const pair = simulatePair(900 + i, { kind: "linear", lag, correlation: 0.3 });
      const days = Array.from(pair.source.keys());
      // The source trades on holidays of the target and rests on days of its own; levels go on underneath.
      const source = withHolidays(priceSeries("source", days, pair.source), (day) => day % 37 === 5);
      const target = withHolidays(priceSeries("target", days, pair.target), (day) => day % 41 === 7);
      const { verdict } = studyPair({ source, target }, OPTIONS);
      if (verdict.kind === "lead-found" && Math.abs(verdict.lag - lag) <= 1) recovered++;
    }
    expect(recovered / 40).toBeGreaterThanOrEqual(0.95);
  });

  it("takes out shared means of the days of the week before 1970 as after it", () => {
    const weekly = (values: Float64Array) => values.map((value, day) => value + (day % 7 === 3 ? 0.03 : 0));
    const since = pairOf(weekly(strong.source), weekly(strong.target));
    const earlier = (series: typeof since.source) => ({
      ...series,
      openedAtMs: series.openedAtMs.map((timeMs) => timeMs - 700 * 7 * MS_PER_DAY),
    });
    const study = studyPair({ source: earlier(since.source), target: earlier(since.target) }, OPTIONS);
    expect(study.test).toEqual(studyPair(since, OPTIONS).test);
  });

  it("gives the same numbers for the same input, options and seed, and others for another seed", () => {
    const again = studyPair(pairOf(strong.source, strong.target), OPTIONS);
    expect(again).toEqual(found);
    const other = studyPair(pairOf(strong.source, strong.target), { ...OPTIONS, seed: 2 });
    expect(other.bootstrap).not.toEqual(found.bootstrap);
  });

  it("does not change with the unit of prices", () => {
    const days = Array.from(none.source.keys());
    const source = priceSeries("source", days, none.source);
    const target = priceSeries("target", days, none.target);
    const thousands = { ...target, values: target.values.map((price) => price * 1000) };
    const [one, two] = [target, thousands].map((each) => studyPair({ source, target: each }, OPTIONS));
    expect(two!.test.lead.lag).toBe(one!.test.lead.lag);
    expect(two!.p).toBeCloseTo(one!.p, 10);
  });
});

describe("studyPairWithBoosting(input, options, run)", () => {
  const options = { ...OPTIONS, maxLag: 8 };
  const run = { boosting: histogramBoosting };

  it("forecasts best at the planted lag, better than without the source", async () => {
    const study = await studyPairWithBoosting(pairOf(strong.source, strong.target), options, run);
    const best = study.boosting!.lags.reduce((most, row) => (row.ic > most.ic ? row : most));
    expect(best.lag).toBe(7);
    expect(best.r2OverControls).toBeGreaterThan(0.02);
    expect(best.importance![0]!.feature).toBe("source");
    expect(study.lags[7]).toMatchObject({ ic: best.ic, r2: best.r2 });
  });

  it("reports progress to the end", async () => {
    const seen: number[] = [];
    await studyPairWithBoosting(pairOf(none.source, none.target), options, {
      ...run,
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it("stops when it is aborted", async () => {
    const abort = new AbortController();
    const study = studyPairWithBoosting(pairOf(none.source, none.target), options, {
      ...run,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(study).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("what studyPair refuses", () => {
  const values = Array.from(none.source);
  const refusal = (input: Parameters<typeof studyPair>[0], options = OPTIONS) => {
    try {
      studyPair(input, options);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const day = (offset: number, returns: ArrayLike<number>) => ({
    ...returnsSeries("target", returns),
    openedAtMs: Float64Array.from(returns as number[], (_, i) => (i + offset) * MS_PER_DAY),
  });

  it.each([
    ["fewer than 250 common days", pairOf(values.slice(0, 240), values.slice(1, 241)), "SERIES_TOO_SHORT"],
    ["thirty lags on forty rows", pairOf(values.slice(0, 40), values.slice(1, 41)), "SERIES_TOO_SHORT"],
    ["no common day", { source: returnsSeries("source", values), target: day(5000, values) }, "SERIES_TOO_SHORT"],
    [
      "a constant series",
      pairOf(
        values.map(() => 0.01),
        values,
      ),
      "SERIES_CONSTANT",
    ],
    [
      "a series of nothing",
      pairOf(
        values.map(() => Number.NaN),
        values,
      ),
      "SERIES_TOO_SHORT",
    ],
    [
      "an infinite value",
      pairOf(
        values.map((v, i) => (i === 9 ? Infinity : v)),
        none.target,
      ),
      "SERIES_INVALID",
    ],
    ["the same values twice", pairOf(values, values), "SERIES_IDENTICAL"],
    ["a factor that equals the target", pairOf(values, none.target, [none.target]), "SERIES_IDENTICAL"],
    [
      "the same name twice",
      { source: returnsSeries("HPG", values), target: returnsSeries("HPG", none.target) },
      "SERIES_IDENTICAL",
    ],
  ])("%s", (_, input, code) => {
    expect(refusal(input)).toMatchObject({ code, message: expect.stringContaining("accepted") });
  });

  it.each([0, -1, 1.5, 300, Number.NaN])("a largest lag of %d", (maxLag) => {
    expect(refusal(pairOf(none.source, none.target), { ...OPTIONS, maxLag } as never)).toMatchObject({
      code: "LAG_INVALID",
    });
  });

  it("a target that hardly ever moves, and says so", () => {
    const stale = none.target.map((value, day) => (day % 8 === 0 ? value : 0));
    expect(refusal(pairOf(none.source, stale))).toMatchObject({
      code: "SERIES_TOO_SHORT",
      message: expect.stringContaining("stood still on 8"),
    });
  });

  it("studies a series with holes in the days it has", () => {
    const ridden = none.source.map((value, i) => (i % 4 === 0 ? Number.NaN : value));
    expect(studyPair(pairOf(ridden, none.target), OPTIONS).verdict.kind).toBe("no-lead-found");
  });
});

function withHolidays<S extends { openedAtMs: Float64Array; values: Float64Array }>(
  series: S,
  isHoliday: (day: number) => boolean,
): S {
  const isOpen = (_: number, row: number) => !isHoliday(row);
  return { ...series, openedAtMs: series.openedAtMs.filter(isOpen), values: series.values.filter(isOpen) };
}
