import { describe, expect, it } from "vitest";
import {
  directionClass,
  directionMark,
  formatChange,
  formatCompact,
  formatMoney,
  formatNumber,
  formatPrice,
  formatShare,
  formatSigned,
} from "../../../notebooks/components/format/number-format.js";

describe("formatNumber(value, decimals)", () => {
  it("groups thousands and keeps the decimals", () => expect(formatNumber(12345.6)).toBe("12,345.60"));
  it("writes a real minus", () => expect(formatNumber(-1.5, 1)).toBe("−1.5"));
  it("gives a value that rounds to zero no sign", () => expect(formatNumber(-0.004)).toBe("0.00"));
  it("shows a dash where there is no number", () => {
    expect(formatNumber(Number.NaN)).toBe("–");
    expect(formatNumber(Number.POSITIVE_INFINITY)).toBe("–");
  });
});

describe("formatSigned(value, decimals) and formatChange(fraction, decimals)", () => {
  it("always shows the sign of a change", () => {
    expect(formatSigned(0.122, 3)).toBe("+0.122");
    expect(formatChange(0.0123)).toBe("+1.23%");
    expect(formatChange(-0.004)).toBe("−0.40%");
  });
  it("shows no sign for no change, nor for one too small to show", () => {
    expect(formatChange(0)).toBe("0.00%");
    expect(formatChange(0.00001)).toBe("0.00%");
    expect(formatChange(-0.00001)).toBe("0.00%");
  });
});

describe("formatShare(fraction, decimals)", () => {
  it("has no plus", () => expect(formatShare(0.515)).toBe("52%"));
});

describe("formatCompact(value)", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [12_500, "12.5k"],
    [3_140_000, "3.14M"],
    [1_200_000_000, "1.2bn"],
    [130_123_000_000_000, "130tn"],
    [-12_500, "−12.5k"],
    [0.4512, "0.451"],
  ])("%d is %s", (value, text) => expect(formatCompact(value)).toBe(text));
  it("moves to the next unit before it would show 1000 of one", () => expect(formatCompact(999_999)).toBe("1M"));
});

describe("formatMoney(value, currency)", () => {
  it("writes the sign of a known currency after the amount", () => expect(formatMoney(1.2e12, "VND")).toBe("1.2tn ₫"));
  it("keeps the code of any other", () => expect(formatMoney(5e6, "SEK")).toBe("5M SEK"));
  it("writes none where none is involved", () => expect(formatMoney(5e6, "XXX")).toBe("5M"));
  it("is a dash without a value", () => expect(formatMoney(Number.NaN, "VND")).toBe("–"));
});

describe("formatPrice(value, currency)", () => {
  it.each([
    [28_350, "VND", "28,350"],
    [1736.68, "XXX", "1,736.68"],
    [812, "CNY", "812.00"],
    [0.4512, "USD", "0.4512"],
    [-36.98, "USD", "−36.98"],
  ])("%d %s is %s", (value, currency, text) => expect(formatPrice(value, currency)).toBe(text));
});

describe("directionMark(change) and directionClass(change)", () => {
  it("tells rise, fall and no change apart by shape and by class", () => {
    expect([0.1, -0.1, 0, Number.NaN].map(directionMark)).toEqual(["▲", "▼", "•", "•"]);
    expect([0.1, -0.1, 0, Number.NaN].map(directionClass)).toEqual(["gain", "loss", "flat", "flat"]);
  });
});
