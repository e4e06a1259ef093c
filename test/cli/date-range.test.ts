import { describe, expect, it } from "vitest";
import { dateRange } from "../../src/cli/date-range.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";

describe("dateRange({from, to})", () => {
  const [friday, monday] = [tradingDate("2026-04-10"), tradingDate("2026-04-13")];

  it("includes both trading dates, and is open where none is given", () => {
    expect(dateRange({ from: friday, to: friday })).toEqual({
      fromMs: Date.parse("2026-04-10T00:00+07:00"),
      toMsExclusive: Date.parse("2026-04-11T00:00+07:00"),
    });
    expect(dateRange({})).toEqual({});
  });

  it("refuses a range that ends before it begins", () => {
    expect(() => dateRange({ from: monday, to: friday })).toThrow(
      expect.objectContaining({
        code: "RANGE_INVALID",
        message: "invalid --from: 2026-04-13 (accepted: a date up to --to, 2026-04-10)",
      }),
    );
  });
});
