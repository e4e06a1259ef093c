import { describe, expect, it } from "vitest";
import { isWorkingDate, nextWorkingDate } from "../../../src/engine/market-data/holiday-calendar.js";
import { tradingDate } from "../../../src/engine/units/trading-date.js";

describe("isWorkingDate(calendar, date)", () => {
  it.each([
    ["hose", "2026-11-23", true],
    ["hose", "2026-11-22", false],
    ["hose", "2026-02-17", false],
    ["chinese-futures", "2026-02-23", false],
    ["hose", "2026-10-01", true],
    ["chinese-futures", "2026-10-01", false],
    ["hose", "2033-09-02", false],
    ["global", "2026-12-25", false],
  ] as const)("%s on %s: %s", (calendar, date, isWorking) => {
    expect(isWorkingDate(calendar, tradingDate(date))).toBe(isWorking);
  });
});

describe("nextWorkingDate(calendar, date)", () => {
  it.each([
    ["hose", "2026-11-23", "2026-11-24"],
    ["hose", "2026-11-20", "2026-11-23"],
    ["hose", "2026-02-13", "2026-02-23"],
    ["chinese-futures", "2026-09-30", "2026-10-08"],
  ] as const)("%s after %s is %s", (calendar, date, next) => {
    expect(nextWorkingDate(calendar, tradingDate(date))).toBe(next);
  });
});
