import { describe, expect, it } from "vitest";
import { findTargetCopies, sentenceOfTargetCopy } from "../../../src/engine/feature-table/find-target-copies.js";
import { gaussianRandom, seededRandom } from "../../../src/engine/statistics/seeded-random.js";

const gaussian = gaussianRandom(seededRandom(8));
const target = Float64Array.from({ length: 300 }, () => 0.02 * gaussian());
const noise = Float64Array.from({ length: 300 }, gaussian);
const ahead = (rows: number) => target.map((_, row) => target[row + rows] ?? NaN);
const copiesIn = (column: Float64Array, of = target) =>
  findTargetCopies({ names: ["x"], columns: [column], rowCount: column.length }, of);

describe("findTargetCopies(features, target, { maxShift, correlation })", () => {
  it("finds the target itself", () => {
    const copies = copiesIn(target);
    expect(copies).toEqual([{ kind: "equals-target", column: "x", shift: 0, rows: 300 }]);
    expect(sentenceOfTargetCopy(copies[0]!)).toBe("x equals the target of the same row in all 300 rows");
  });

  it("finds the target of a later row, with the shift", () => {
    const copies = copiesIn(ahead(3));
    expect(copies).toEqual([{ kind: "equals-target", column: "x", shift: 3, rows: 297 }]);
    expect(sentenceOfTargetCopy(copies[0]!)).toBe("x equals the target 3 rows later in all 297 rows");
  });

  it.each([
    ["in another unit", (value: number) => 5 - 1e4 * value],
    ["under a monotone function", (value: number) => Math.exp(100 * value)],
    ["with noise of a hundredth", (value: number, row: number) => value + 2e-4 * noise[row]!],
  ])("finds a copy %s", (_case, disguise) => {
    expect(copiesIn(ahead(1).map(disguise))).toMatchObject([{ kind: "follows-target", shift: 1 }]);
  });

  it("passes the target of earlier rows, which is history", () => {
    expect(copiesIn(target.map((_, row) => target[row - 1] ?? NaN))).toEqual([]);
  });

  it("passes a strong but honest feature", () => {
    expect(copiesIn(target.map((value, row) => value + 0.01 * noise[row]!))).toEqual([]);
  });

  it("passes a trending level beside the next level", () => {
    let level = 100;
    const levels = Float64Array.from(noise, (shock) => (level += 1 + 0.1 * shock));
    expect(copiesIn(levels.slice(0, -1), levels.slice(1))).toEqual([]);
  });

  it("passes a constant, and a column of missing values", () => {
    expect(copiesIn(target.map(() => 1))).toEqual([]);
    expect(copiesIn(target.map(() => NaN))).toEqual([]);
  });

  it.each([{ maxShift: -1 }, { correlation: 0 }])("refuses %o", (options) => {
    const features = { names: ["x"], columns: [target], rowCount: 300 };
    expect(() => findTargetCopies(features, target, options)).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID" }),
    );
  });
});
