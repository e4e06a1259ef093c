import { describe, expect, it } from "vitest";
import { consensusTradingDays } from "../../../src/engine/data-quality/consensus-trading-days.js";
import { weekdays } from "./support/daily-series.js";

describe("consensusTradingDays(openedAtMsBySymbol, options)", () => {
  const days = weekdays(10);
  const without = (missing: number) => days.filter((_, day) => day !== missing);

  it("keeps the days on which more than half of the living symbols traded", () => {
    expect(consensusTradingDays([days, without(3), without(3)])).toEqual(without(3));
    expect(consensusTradingDays([days, days, without(3)])).toEqual(days);
  });

  it("does not ask symbols that are not listed yet or no longer", () => {
    expect(consensusTradingDays([days, days.slice(8), days.slice(0, 2)])).toEqual(days);
  });

  it("counts a session day of intraday candles once", () => {
    const intraday = Float64Array.from([...days].flatMap((day) => [day, day + 60_000, day + 120_000]));
    expect(consensusTradingDays([intraday, days])).toEqual(days);
  });

  it("is empty without candles", () => {
    expect(consensusTradingDays([])).toEqual(new Float64Array());
    expect(consensusTradingDays([new Float64Array()])).toEqual(new Float64Array());
  });
});
