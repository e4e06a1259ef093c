import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitPositions } from "../../../../notebooks/components/value-chain/positions.js";
import { seededPositions } from "../../../../notebooks/components/value-chain/seeded-positions.js";

describe("seededPositions(ids)", () => {
  const ids = Array.from({ length: 400 }, (_, index) => `node-${index}`);

  it("gives an id the same place whatever else is in the graph, but for a millionth a row", () => {
    const all = seededPositions(ids);
    const some = seededPositions(ids.slice(100));
    expect(some.y[0]).toBe(all.y[100]);
    expect(some.x[0]).toBeCloseTo(all.x[100]!, 3);
  });

  it("spreads ids over the whole disc, each quarter alike", () => {
    const { x, y } = seededPositions(ids);
    const quarters = [0, 0, 0, 0];
    x.forEach((at, node) => {
      quarters[Number(at > 0) + 2 * Number(y[node]! > 0)]!++;
      expect(Math.hypot(at, y[node]!)).toBeLessThan(100.01);
    });
    for (const count of quarters) expect(count).toBeGreaterThan(70);
  });
});

describe("fitPositions(positions, aspect, counts)", () => {
  const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true });

  it("fills the box and never leaves it", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1 }), (points) => {
        const fitted = fitPositions(
          { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) },
          2,
        );
        for (const x of fitted.x) expect(Math.abs(x)).toBeLessThanOrEqual(1 + 1e-9);
        for (const y of fitted.y) expect(Math.abs(y)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });

  it("puts the outermost on the rim of a box of the wanted shape", () => {
    const fitted = fitPositions({ x: Float64Array.of(10, 20, 30), y: Float64Array.of(0, 4, 1) }, 1.5);
    expect([...fitted.x]).toEqual([-0.75, 0, 0.75]);
    expect([...fitted.y]).toEqual([-0.5, 0.5, -0.25]);
  });

  it("brings a straggler that does not count to the rim", () => {
    const positions = { x: Float64Array.of(0, 1, 50), y: Float64Array.of(0, 1, 0.5) };
    expect([...fitPositions(positions, 1, (node) => node !== 2).x]).toEqual([-0.5, 0.5, 0.5]);
  });

  it("keeps points on one line in the middle of the other axis", () => {
    expect([...fitPositions({ x: Float64Array.of(7, 7), y: Float64Array.of(1, 2) }, 1).x]).toEqual([0, 0]);
  });
});
