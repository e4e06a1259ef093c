import { describe, expect, it } from "vitest";
import { runningForecast } from "../../../../notebooks/components/lead-lag/running-forecast.js";
import { correlationWithin } from "../../../../src/engine/lead-lag/correlation-through-time.js";

describe("runningForecast(forecast)", () => {
  it("ends at the correlation of sides of unit variance", () => {
    const shape = Float64Array.of(1, -1, 1, -1, 1);
    const target = Float64Array.of(0, 1, -1, -1, 1);
    const total = runningForecast({ shape, target, lag: 1, direction: 1 });
    expect([...total]).toEqual([Number.NaN, 0.25, 0.5, 0.25, 0]);
    expect(total.at(-1)).toBeCloseTo(correlationWithin(shape, target, 1, 1, 5), 12);
  });
  it("turns with the direction of the forecast", () => {
    const sides = { shape: Float64Array.of(1, 1, 1), target: Float64Array.of(1, 1, 1), lag: 0 };
    expect(runningForecast({ ...sides, direction: 1 }).at(-1)).toBeCloseTo(1, 12);
    expect(runningForecast({ ...sides, direction: -1 }).at(-1)).toBeCloseTo(-1, 12);
  });
});
