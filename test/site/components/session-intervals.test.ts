import { describe, expect, it } from "vitest";
import { sessionIntervals, sessionTitle } from "../../../notebooks/components/market/session-intervals.js";

const at = (time: string) => Date.parse(`2026-11-20T${time}:00Z`);
const candles = {
  symbols: ["HPG", "VNINDEX", "HPG", "VNINDEX", "VCB"],
  times: [at("02:20"), at("02:15"), at("02:15"), at("02:20"), at("02:20")],
  closes: [99, 1010, 101, 990, 201],
  volumes: [10, 5000, 20, 6000, 30],
};
const index = { symbol: "VNINDEX", previousClose: 1000 };
const previousCloses = new Map([
  ["HPG", 100],
  ["VCB", 200],
]);

describe("sessionIntervals(candles, index, previousCloses)", () => {
  const intervals = sessionIntervals(candles, index, previousCloses);

  it("orders the times and states the index against its previous close", () => {
    expect(intervals.map(({ minute }) => minute)).toEqual([555, 560]);
    expect(intervals[0]?.change).toBeCloseTo(0.01, 12);
    expect(intervals[1]?.change).toBeCloseTo(-0.01, 12);
  });
  it("sums the volume of the equities, not of the index", () => {
    expect(intervals.map(({ volume }) => volume)).toEqual([20, 40]);
  });
  it("counts the equities that have traded so far and stand above their previous close", () => {
    expect(intervals.map(({ rising }) => rising)).toEqual([1, 0.5]);
  });
  it("knows no change of the index where it has no candle", () => {
    const only = { symbols: ["HPG"], times: [at("02:15")], closes: [101], volumes: [1] };
    expect(sessionIntervals(only, index, previousCloses)[0]?.change).toBeNaN();
  });
});

describe("sessionTitle(index, intervals)", () => {
  it("says where the session ended and how far it went", () => {
    const intervals = sessionIntervals(candles, index, previousCloses);
    expect(sessionTitle("VNINDEX", intervals)).toBe(
      "VNINDEX ended −1.00%, between −1.00% at 09:20 and +1.00% at 09:15",
    );
  });
  it("says when there is nothing to say", () => {
    expect(sessionTitle("VNINDEX", [])).toBe("VNINDEX has no candle in this session");
  });
});
