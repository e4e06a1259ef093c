import { describe, expect, it } from "vitest";
import { type ChangePeriod, periodChange, periodChanges } from "../../../src/engine/market-data/period-change.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";

const series = (rows: Readonly<Record<string, number>>) => ({
  openedAtMs: Float64Array.from(Object.keys(rows), (date) => tradingDateToEpochMs(tradingDate(date))),
  prices: Float64Array.from(Object.values(rows)),
});

describe("periodChanges({ openedAtMs, prices })", () => {
  it("compares the last close with the last one on or before each date", () => {
    const changes = periodChanges(
      series({
        "2025-03-28": 40, // a year before is a Sunday: the Friday counts
        "2025-12-31": 50,
        "2026-01-02": 55,
        "2026-02-27": 80, // a month before 30 March is 28 February, a Saturday
        "2026-03-23": 90,
        "2026-03-27": 96,
        "2026-03-30": 100,
      }),
    );
    const expected: Record<ChangePeriod, number> = {
      "1d": 100 / 96 - 1,
      "1w": 100 / 90 - 1,
      "1m": 100 / 80 - 1,
      "3m": NaN, // 30 December 2025 has nothing in the fifteen days before it
      ytd: 100 / 50 - 1,
      "1y": 100 / 40 - 1,
    };
    expect(changes).toEqual(expected);
  });

  it("counts months by the calendar, into the year before", () => {
    const changes = periodChanges(series({ "2025-10-31": 50, "2025-12-30": 80, "2026-01-31": 100 }));
    expect(changes["1m"]).toBe(100 / 80 - 1);
    expect(changes["3m"]).toBe(1);
  });

  it("gives no change across a hole of more than fifteen days before the date", () => {
    const listedAgain = series({ "2019-06-03": 10, "2022-04-01": 30 });
    expect(Object.values(periodChanges(listedAgain)).every(Number.isNaN)).toBe(true);
    expect(periodChange(series({ "2026-02-13": 10, "2026-02-23": 11 }), "1d")).toBeCloseTo(0.1, 12); // Tết
  });

  it("passes over rows without a close, and has no answer without history", () => {
    expect(
      periodChange(series({ "2026-03-26": 50, "2026-03-27": NaN, "2026-03-30": 100, "2026-03-31": NaN }), "1d"),
    ).toBe(1);
    expect(periodChange(series({ "2026-03-30": 100 }), "1d")).toBeNaN();
    expect(periodChange(series({}), "1y")).toBeNaN();
  });

  it("gives no change from or to a price that is not positive", () => {
    expect(periodChange(series({ "2020-04-17": 18.31, "2020-04-20": -36.98 }), "1d")).toBeNaN();
    expect(periodChange(series({ "2020-04-20": -36.98, "2020-04-21": 8.91 }), "1d")).toBeNaN();
  });
});
