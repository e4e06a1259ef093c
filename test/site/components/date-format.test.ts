import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatDay,
  formatDayInWords,
  monthsBefore,
  parseDay,
} from "../../../notebooks/components/format/date-format.js";

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

describe("formatDay(dayMs) and formatDayInWords(dayMs)", () => {
  it("writes a day in figures and in words", () => {
    expect(formatDay(day("2026-04-10"))).toBe("2026-04-10");
    expect(formatDayInWords(day("2026-04-10"))).toBe("10 Apr 2026");
  });
  it("is a dash where there is no day", () => expect(formatDay(Number.NaN)).toBe("–"));
});

describe("parseDay(text)", () => {
  it("reads back every day that formatDay writes", () => {
    const days = fc.integer({ min: 0, max: 40_000 }).map((number) => number * 86_400_000);
    fc.assert(fc.property(days, (dayMs) => parseDay(formatDay(dayMs)) === dayMs));
  });
  it.each(["", "2026-4-10", "10/04/2026", "2026-02-30", "2026-04-10T00:00"])("has no day for %j", (text) => {
    expect(parseDay(text)).toBeNaN();
  });
});

describe("monthsBefore(dayMs, months)", () => {
  it.each([
    ["2026-04-10", 1, "2026-03-10"],
    ["2026-03-31", 1, "2026-02-28"],
    ["2024-03-31", 1, "2024-02-29"],
    ["2026-01-15", 3, "2025-10-15"],
    ["2026-04-01", 60, "2021-04-01"],
  ])("%s less %d months is %s", (from, months, to) => expect(formatDay(monthsBefore(day(from), months))).toBe(to));
});
