import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VolumeCoverage } from "../../../src/engine/live-market/volume-coverage.js";

const stretches = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
    .map(([from, length]) => [from, from + length] as const),
  { maxLength: 40 },
);

describe("VolumeCoverage", () => {
  it("accounts for every unit once, as a set of units does", () => {
    fc.assert(
      fc.property(stretches, fc.integer({ min: 0, max: 70 }), (all, limit) => {
        const coverage = new VolumeCoverage();
        const units = new Set<number>();
        for (const [from, to] of all) {
          const before = units.size;
          for (let unit = from + 1; unit <= to; unit++) units.add(unit);
          expect(coverage.add(from, to)).toBe(units.size - before);
        }
        const seen = [...units].filter((unit) => unit <= limit).length;
        expect(coverage.missingBelow(limit)).toBe(limit - seen);
        for (const [from, to] of all) expect(coverage.covers(from, to)).toBe(to > from || coverage.covers(to, to));
      }),
    );
  });

  it("forgets the lowest stretch when there are too many", () => {
    const coverage = new VolumeCoverage(2);
    for (const from of [0, 10, 20]) coverage.add(from, from + 5);
    expect(coverage.covers(0, 5)).toBe(false);
    expect(coverage.covers(10, 15)).toBe(true);
    expect(coverage.covers(20, 25)).toBe(true);
  });

  it("takes no notice of stretches that are empty or undefined", () => {
    const coverage = new VolumeCoverage();
    expect([coverage.add(5, 5), coverage.add(5, 4), coverage.add(NaN, 5)]).toEqual([0, 0, 0]);
    expect(coverage.missingBelow(10)).toBe(10);
  });
});
