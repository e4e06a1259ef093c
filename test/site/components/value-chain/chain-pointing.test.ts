import { describe, expect, it } from "vitest";
import { neighbourTowards } from "../../../../notebooks/components/value-chain/neighbour-navigation.js";
import { discAt, nearestSegment } from "../../../../notebooks/components/value-chain/screen-picking.js";

describe("discAt(discs, x, y, reach)", () => {
  const discs = [
    { x: 0, y: 0, radius: 10 },
    { x: 12, y: 0, radius: 10 },
  ];

  it("finds the disc whose centre is nearest where two overlap", () => {
    expect(discAt(discs, 5, 0, 0)).toBe(0);
    expect(discAt(discs, 7, 0, 0)).toBe(1);
  });

  it("reaches a little over the rim, and no further", () => {
    expect(discAt(discs, -11, 0, 2)).toBe(0);
    expect(discAt(discs, -13, 0, 2)).toBe(-1);
  });
});

describe("nearestSegment(segments, x, y, reach)", () => {
  const segments = [
    { x1: 0, y1: 0, x2: 100, y2: 0 },
    { x1: 0, y1: 10, x2: 100, y2: 10 },
    { x1: 50, y1: 50, x2: 50, y2: 50 },
  ];

  it("finds the nearest within reach", () => {
    expect(nearestSegment(segments, 40, 4, 6)).toBe(0);
    expect(nearestSegment(segments, 40, 6, 6)).toBe(1);
  });

  it("measures from the ends, not from the line they lie on", () => {
    expect(nearestSegment(segments, 110, 0, 6)).toBe(-1);
    expect(nearestSegment(segments, 104, 3, 6)).toBe(0);
  });

  it("takes an edge without length for a point", () => {
    expect(nearestSegment(segments, 53, 54, 6)).toBe(2);
  });

  it("finds none out of reach", () => {
    expect(nearestSegment(segments, 50, 30, 6)).toBe(-1);
    expect(nearestSegment([], 0, 0, 6)).toBe(-1);
  });
});

describe("neighbourTowards(node, direction, neighbours, positions)", () => {
  // A cross around node 0, with y upwards, and node 5 further to the right.
  const positions = { x: Float64Array.of(0, 1, -1, 0, 0, 3), y: Float64Array.of(0, 0, 0, 1, -1, 0.1) };

  it("goes to the neighbour in that direction", () => {
    const neighbours = [1, 2, 3, 4];
    expect(neighbourTowards(0, "right", neighbours, positions)).toBe(1);
    expect(neighbourTowards(0, "left", neighbours, positions)).toBe(2);
    expect(neighbourTowards(0, "up", neighbours, positions)).toBe(3);
    expect(neighbourTowards(0, "down", neighbours, positions)).toBe(4);
  });

  it("takes the nearer of two", () => {
    expect(neighbourTowards(0, "right", [5, 1], positions)).toBe(1);
  });

  it("goes nowhere when all lie another way", () => {
    expect(neighbourTowards(0, "up", [4], positions)).toBeUndefined();
    expect(neighbourTowards(0, "up", [], positions)).toBeUndefined();
  });
});
