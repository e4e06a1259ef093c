import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ascendingOrder } from "../../../src/engine/statistics/ascending-order.js";

describe("ascendingOrder(values)", () => {
  it("orders signs, sizes and infinities, and leaves out what is not a number", () => {
    const values = [3, -1, Number.NaN, Infinity, -Infinity, 0, 1e-300, -1e300, 5e-324];
    expect(Array.from(ascendingOrder(values))).toEqual([4, 7, 1, 5, 8, 6, 0, 3]);
  });

  it("keeps equal values, zero and minus zero among them, in row order", () => {
    expect(Array.from(ascendingOrder([2, -0, 2, 0, -0]))).toEqual([1, 3, 4, 0, 2]);
  });

  it("is the order of a stable sort", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true })), (values) => {
        const sorted = [...values.keys()].sort((a, b) => (values[a]! === values[b]! ? a - b : values[a]! - values[b]!));
        expect(Array.from(ascendingOrder(values))).toEqual(sorted);
      }),
    );
  });

  it("is empty for no value", () => expect(ascendingOrder([])).toHaveLength(0));
});
