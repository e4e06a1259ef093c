import { describe, expect, it } from "vitest";
import { compactCopy } from "../../src/compute/compact-copy.js";

describe("compactCopy(data)", () => {
  it("takes a view's own part of its buffer, in memory of its own", () => {
    const table = Float64Array.from({ length: 1_000 }, (_, i) => i);
    const { copy, buffers } = compactCopy({ rows: [table.subarray(10, 13)] });
    expect(copy).toEqual({ rows: [Float64Array.of(10, 11, 12)] });
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([24]);
  });

  it("copies once what occurs twice", () => {
    const column = Float64Array.of(1, 2);
    const { copy, buffers } = compactCopy({ train: column, test: column });
    expect(copy.train).toBe(copy.test);
    expect(buffers).toHaveLength(1);
  });

  it("leaves shared memory shared", () => {
    const shared = new Float64Array(new SharedArrayBuffer(16));
    const { copy, buffers } = compactCopy([shared]);
    expect(copy[0]).toBe(shared);
    expect(buffers).toEqual([]);
  });
});
