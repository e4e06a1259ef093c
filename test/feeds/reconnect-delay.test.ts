import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "../../src/feeds/reconnect-delay.js";

describe("reconnectDelayMs(failures, random)", () => {
  it("doubles from one second to sixty", () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((failures) => reconnectDelayMs(failures, () => 0.5));
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("differs by at most a fifth, and never exceeds sixty seconds", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const delayMs = reconnectDelayMs(failures, () => random);
        const middle = reconnectDelayMs(failures, () => 0.5);
        expect(delayMs).toBeGreaterThanOrEqual(0.8 * middle - 1e-6);
        expect(delayMs).toBeLessThanOrEqual(Math.min(1.2 * middle + 1e-6, 60_000));
      }),
    );
  });
});
