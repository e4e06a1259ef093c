import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClockOffset } from "../../../../notebooks/components/live/clock-offset.js";
import { LATENCY_EDGES, LatencyMeter } from "../../../../notebooks/components/live/latency-meter.js";
import { RateMeter } from "../../../../notebooks/components/live/rate-meter.js";

describe("LatencyMeter", () => {
  it("counts by upper edges, the slowest in a bin of their own", () => {
    const meter = new LatencyMeter();
    for (const delay of [-3, 0.4, 1, 1.01, 40, 4_999, 80_000, Number.NaN]) meter.add(delay);
    expect([...meter.counts]).toEqual([3, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1]);
    expect(meter.total).toBe(7);
  });

  it("gives quantiles as the edge that is not below them", () => {
    const meter = new LatencyMeter();
    for (let i = 0; i < 98; i++) meter.add(3);
    meter.add(60);
    meter.add(9_000);
    expect([0.5, 0.98, 0.99, 1].map((share) => meter.quantile(share))).toEqual([5, 5, 100, Number.POSITIVE_INFINITY]);
    expect(new LatencyMeter().quantile(0.5)).toBeNaN();
  });

  it("never gives less than the true quantile", () => {
    const delays = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(delays, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const meter = new LatencyMeter();
        for (const delay of all) meter.add(delay);
        const rank = Math.max(1, Math.ceil(share * all.length - 1e-9));
        const truth = all.toSorted((a, b) => a - b)[rank - 1]!;
        expect(meter.quantile(share)).toBeGreaterThanOrEqual(truth);
        expect([...LATENCY_EDGES, Number.POSITIVE_INFINITY]).toContain(meter.quantile(share));
      }),
    );
  });
});

describe("RateMeter", () => {
  it("is the mean of the whole seconds that have passed, ten at most", () => {
    const meter = new RateMeter();
    expect(meter.perSecond(5_000)).toBeNaN();
    meter.add(30, 5_200);
    expect(meter.perSecond(5_900)).toBeNaN();
    expect(meter.perSecond(6_000)).toBe(30);
    meter.add(10, 6_500);
    expect(meter.perSecond(7_000)).toBe(20);
    expect(meter.perSecond(15_999)).toBe(4);
    expect(meter.perSecond(16_000)).toBe(1);
    expect(meter.perSecond(60_000)).toBe(0);
  });
});

describe("ClockOffset", () => {
  it("believes the shortest round trip", () => {
    const clock = new ClockOffset();
    expect(clock.estimate).toBeUndefined();
    clock.note({ sentAtMs: 0, serverMs: 1_100, heardAtMs: 100 });
    clock.note({ sentAtMs: 200, serverMs: 1_205, heardAtMs: 210 });
    expect(clock.estimate).toEqual({ offsetMs: 1_000, errorMs: 5 });
  });

  it("is never wrong by more than it says, however the trip is divided", () => {
    const trip = fc.record({ there: fc.nat(500), back: fc.nat(500) });
    fc.assert(
      fc.property(fc.integer(), fc.array(trip, { minLength: 1, maxLength: 20 }), (offsetMs, trips) => {
        const clock = new ClockOffset();
        trips.forEach(({ there, back }, i) => {
          const sentAtMs = i * 1_000;
          clock.note({ sentAtMs, serverMs: sentAtMs + there + offsetMs, heardAtMs: sentAtMs + there + back });
        });
        const { offsetMs: estimate, errorMs } = clock.estimate!;
        expect(Math.abs(estimate - offsetMs)).toBeLessThanOrEqual(errorMs);
      }),
    );
  });
});
