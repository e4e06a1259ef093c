import { describe, expect, it } from "vitest";
import { middleDay, withinPair } from "../../../../notebooks/components/lead-lag/study-days.js";

const days = { min: "2015-11-26", max: "2026-04-01" };

describe("withinPair(query, days)", () => {
  it("moves days beyond what a pair has to its ends", () => {
    expect(withinPair("?source=A&from=2010-01-01&to=2030-01-01", days)).toBe("?source=A&from=2015-11-26&to=2026-04-01");
  });
  it("leaves other days and other words alone", () => {
    expect(withinPair("?from=2020-01-01&align=inner", days)).toBe("?from=2020-01-01&align=inner");
    expect(withinPair("?from=someday", days)).toBe("?from=someday");
    expect(withinPair("", days)).toBe("");
    expect(withinPair("?from=2010-01-01", { min: "", max: "" })).toBe("?from=2010-01-01");
  });
});

describe("middleDay(days)", () => {
  it("is halfway, and nothing for days that are not known", () => {
    expect(middleDay({ from: "2024-01-01", to: "2024-01-31" })).toBe("2024-01-16");
    expect(middleDay({ from: "", to: "" })).toBe("");
  });
});
