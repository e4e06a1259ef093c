import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "../../../../notebooks/components/live/reconnect-delay.js";

describe("reconnectDelayMs(attempt, random)", () => {
  it("doubles from half a second to half a minute where chance takes nothing off", () => {
    const longest = () => 1;
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => reconnectDelayMs(attempt, longest))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });

  it("leaves half of the delay to chance", () => {
    expect(reconnectDelayMs(3, () => 0)).toBe(2_000);
    expect(reconnectDelayMs(3, () => 0.5)).toBe(3_000);
  });

  it("is between a quarter of a second and half a minute for ever", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance) => {
        const delay = reconnectDelayMs(attempt, () => chance);
        expect(delay).toBeGreaterThanOrEqual(250);
        expect(delay).toBeLessThanOrEqual(30_000);
      }),
    );
  });
});
