import { describe, expect, it } from "vitest";
import { shiftedOverlay } from "../../../src/engine/lead-lag/shifted-overlay.js";

const source = { openedAtMs: Float64Array.of(1, 2, 3, 4, 5), prices: Float64Array.of(10, 20, 30, 40, 50) };
const target = { openedAtMs: Float64Array.of(1, 2, 4, 5, 6), prices: Float64Array.of(200, 300, 400, 500, 600) };

describe("shiftedOverlay(source, target, { lag, align, fromMs, toMs })", () => {
  it("moves the source by rows of the common calendar and rebases both to 100", () => {
    expect(shiftedOverlay(source, target, { lag: 1 })).toEqual({
      openedAtMs: Float64Array.of(1, 2, 4, 5),
      source: Float64Array.of(NaN, 100, 200, 400),
      target: Float64Array.of(100, 150, 200, 250),
    });
  });

  it("fills the window from the history before it", () => {
    expect(shiftedOverlay(source, target, { lag: 1, fromMs: 2, toMs: 4 })).toEqual({
      openedAtMs: Float64Array.of(2, 4),
      source: Float64Array.of(100, 200),
      target: Float64Array.of(100, (400 / 300) * 100),
    });
  });

  it("moves the source earlier by a negative lag", () => {
    expect(shiftedOverlay(source, target, { lag: -1 }).source).toEqual(Float64Array.of(100, 200, 250, NaN));
  });

  it("shows a source with prices from before its lag only as undefined", () => {
    expect(shiftedOverlay(source, target, { lag: 10 }).source.every(Number.isNaN)).toBe(true);
  });

  it("keeps the target's calendar under as-of", () => {
    expect(shiftedOverlay(source, target, { lag: 0, align: "as-of" }).openedAtMs).toEqual(target.openedAtMs);
  });

  it("does not rebase on a price that is not positive", () => {
    const crude = { openedAtMs: source.openedAtMs, prices: Float64Array.of(-36.98, 9, 9, 9, 9) };
    expect(shiftedOverlay(crude, target, { lag: 0 }).source.every(Number.isNaN)).toBe(true);
  });

  it("refuses a fractional lag, a reversed range and a range without a row", () => {
    expect(() => shiftedOverlay(source, target, { lag: 0.5 })).toThrow(
      expect.objectContaining({ code: "LAG_INVALID" }),
    );
    expect(() => shiftedOverlay(source, target, { lag: 0, fromMs: 2, toMs: 1 })).toThrow(
      expect.objectContaining({ code: "RANGE_INVALID" }),
    );
    expect(() => shiftedOverlay(source, target, { lag: 0, fromMs: 100 })).toThrow(
      expect.objectContaining({ code: "SERIES_TOO_SHORT" }),
    );
  });
});
