import { describe, expect, it } from "vitest";
import { lagStatistics } from "../../../src/engine/lead-lag/lag-statistics.js";
import { unitVariance } from "../../../src/engine/lead-lag/source-transforms.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";

describe("lagStatistics(shapes, target, maxLag)", () => {
  const gaussian = gaussianRandom(seededRandom(8));
  const noise = () => unitVariance(Float64Array.from({ length: 101 }, gaussian));
  const shapes = [noise(), noise(), noise()];
  const target = noise();

  it.each([0, 1, 6, 7])("is the scaled sum of products of each lag up to %d", (maxLag) => {
    const statistics = lagStatistics(shapes, target, maxLag);
    expect(statistics).toHaveLength(3 * (maxLag + 1));
    shapes.forEach((shape, i) => {
      for (let lag = 0; lag <= maxLag; lag++) {
        const products = Array.from(target.subarray(lag), (value, row) => value * shape[row]!);
        const sum = products.reduce((total, product) => total + product, 0);
        expect(statistics[3 * lag + i]).toBeCloseTo(sum / Math.sqrt(target.length - lag), 12);
      }
    });
  });
});
