import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowOrder } from "../../../notebooks/components/table/row-order.js";
import { sparklinePath } from "../../../notebooks/components/table/sparkline-path.js";

describe("rowOrder(values, direction)", () => {
  it("orders numbers by size", () => {
    expect(rowOrder([3, -1, 2], "ascending")).toEqual([1, 2, 0]);
    expect(rowOrder([3, -1, 2], "descending")).toEqual([0, 2, 1]);
  });
  it("puts what is missing last in both directions", () => {
    const values = [Number.NaN, 2, null, 1, undefined, ""];
    expect(rowOrder(values, "ascending")).toEqual([3, 1, 0, 2, 4, 5]);
    expect(rowOrder(values, "descending")).toEqual([1, 3, 0, 2, 4, 5]);
  });
  it("orders Vietnamese as its alphabet does", () => {
    expect(rowOrder(["Dầu khí", "Đầu tư", "Du lịch"], "ascending")).toEqual([0, 2, 1]);
  });
  it("keeps equal rows in their order and loses none", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 })), (values) => {
        const order = rowOrder(values, "ascending");
        expect([...order].sort((a, b) => a - b)).toEqual(values.map((_, index) => index));
        for (let at = 1; at < order.length; at++) {
          const [before, after] = [order[at - 1]!, order[at]!];
          const isOrdered = values[before]! < values[after]! || (values[before] === values[after] && before < after);
          expect(isOrdered).toBe(true);
        }
      }),
    );
  });
});

describe("sparklinePath(values, width, height)", () => {
  it("runs from left to right, the lowest value at the bottom", () => {
    expect(sparklinePath([1, 3, 2], 10, 4)).toBe("M0,4L5,0L10,2");
  });
  it("breaks at a gap", () => expect(sparklinePath([1, Number.NaN, 2], 10, 4)).toBe("M0,4M10,0"));
  it("draws a flat series through the middle", () => expect(sparklinePath([5, 5], 10, 4)).toBe("M0,2L10,2"));
  it("is empty for fewer than two values", () => {
    expect(sparklinePath([], 10, 4)).toBe("");
    expect(sparklinePath([1, Number.NaN], 10, 4)).toBe("");
  });
});
