import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contrastRatio,
  divergingColor,
  readableTextOn,
  symmetricLimit,
} from "../../../notebooks/components/look/diverging-color.js";

const ends = { loss: "#f2785c", neutral: "#2b323c", gain: "#35b6a0" };

describe("divergingColor(value, limit, ends)", () => {
  it("has the three named colours at its ends and its middle", () => {
    expect(divergingColor(-0.03, 0.03, ends)).toBe(ends.loss);
    expect(divergingColor(0, 0.03, ends)).toBe(ends.neutral);
    expect(divergingColor(0.03, 0.03, ends)).toBe(ends.gain);
  });
  it("keeps the end's colour beyond the limit", () => expect(divergingColor(9, 0.03, ends)).toBe(ends.gain));
  it("is neutral where nothing is known", () => {
    expect(divergingColor(Number.NaN, 0.03, ends)).toBe(ends.neutral);
    expect(divergingColor(0.01, 0, ends)).toBe(ends.neutral);
  });
  it("gives every value a colour the browser reads", () => {
    fc.assert(fc.property(fc.double(), (value) => /^#[0-9a-f]{6}$/.test(divergingColor(value, 0.05, ends))));
  });
});

describe("contrastRatio(first, second)", () => {
  it("is 21 for black on white and 1 for a colour on itself, as WCAG 2.2 defines", () => {
    expect(contrastRatio("#000000", "#ffffff")).toBeCloseTo(21, 10);
    expect(contrastRatio("#35b6a0", "#35b6a0")).toBe(1);
  });
});

describe("readableTextOn(background)", () => {
  it("has a contrast of at least 4.5 everywhere on the scale", () => {
    const value = fc.double({ min: -0.05, max: 0.05, noNaN: true });
    fc.assert(
      fc.property(value, (change) => {
        const background = divergingColor(change, 0.05, ends);
        expect(contrastRatio(background, readableTextOn(background))).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});

describe("symmetricLimit(changes, steps)", () => {
  const steps = [0.01, 0.02, 0.05, 0.1];
  it("holds nine in ten changes, so that one outlier does not bleach the rest", () => {
    const calm = Array.from({ length: 99 }, (_, i) => (i % 2 ? 0.008 : -0.008));
    expect(symmetricLimit([...calm, 0.9], steps)).toBe(0.01);
  });
  it("takes the last step when none is wide enough", () => expect(symmetricLimit([3, -4], steps)).toBe(0.1));
  it("takes the first step without changes", () => expect(symmetricLimit([Number.NaN], steps)).toBe(0.01));
});
