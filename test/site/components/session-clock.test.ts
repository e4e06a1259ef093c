import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BREAK_WIDTH,
  formatMinute,
  minuteOfDay,
  sessionPosition,
  sessionTicks,
} from "../../../notebooks/components/market/session-clock.js";

describe("minuteOfDay(instantMs)", () => {
  it("counts minutes from midnight in Ho Chi Minh City, seven hours ahead of UTC", () => {
    expect(minuteOfDay(Date.parse("2026-11-20T02:15:00Z"))).toBe(9 * 60 + 15);
    expect(minuteOfDay(Date.parse("2026-11-19T17:00:00Z"))).toBe(0);
  });
});

describe("sessionPosition(minute)", () => {
  it("draws the midday break narrow and every other minute at full width", () => {
    expect(sessionPosition(13 * 60) - sessionPosition(11 * 60 + 30)).toBe(BREAK_WIDTH);
    expect(sessionPosition(14 * 60 + 45) - sessionPosition(13 * 60)).toBe(105);
    expect(sessionPosition(11 * 60) - sessionPosition(9 * 60)).toBe(120);
  });
  it("never puts a later minute before an earlier one", () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 });
    fc.assert(
      fc.property(minute, minute, (a, b) => Math.sign(sessionPosition(a) - sessionPosition(b)) === Math.sign(a - b)),
    );
  });
});

describe("sessionTicks(firstMinute, lastMinute)", () => {
  it("gives the whole hours of a session outside the midday break", () => {
    expect(sessionTicks(9 * 60 + 15, 14 * 60 + 50).map(formatMinute)).toEqual(["10:00", "11:00", "13:00", "14:00"]);
  });
});
