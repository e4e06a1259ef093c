import { describe, expect, it } from "vitest";
import { chosenStudies, studyDrawing } from "../../../notebooks/components/price-chart/chart-studies.js";
import { returnStatistics, shareBeyond } from "../../../notebooks/components/price-chart/return-statistics.js";

const days = (count: number) => Float64Array.from({ length: count }, (_, i) => i * 86_400_000);

describe("returnStatistics(dayMs, closes)", () => {
  const statistics = returnStatistics(days(5), Float64Array.of(100, 110, 55, 66, 121));

  it("states the return over the whole range", () => expect(statistics.totalReturn).toBeCloseTo(0.21, 10));
  it("names the worst and the best day", () => {
    expect(statistics.worst.change).toBeCloseTo(-0.5, 10);
    expect(statistics.worst.dayMs).toBe(2 * 86_400_000);
    expect(statistics.best.change).toBeCloseTo(121 / 66 - 1, 10);
  });
  it("states the deepest fall from its high to its recovery", () => {
    expect(statistics.deepestFall).toMatchObject({
      depth: -0.5,
      fromMs: 86_400_000,
      toMs: 2 * 86_400_000,
      recoveredMs: 4 * 86_400_000,
    });
  });
  it("annualises the spread of log returns by √252", () => {
    expect(statistics.annualizedVolatility).toBeCloseTo(statistics.dailyStdDev * Math.sqrt(252), 12);
  });
  it("does not look across a price of zero or less", () => {
    expect(returnStatistics(days(4), Float64Array.of(10, 0, 10, 11)).days).toBe(1);
  });
  it("has nothing to state without closes", () => {
    const none = returnStatistics(days(0), new Float64Array());
    expect(none.totalReturn).toBeNaN();
    expect(none.deepestFall).toBeUndefined();
  });
});

describe("shareBeyond(statistics, deviations)", () => {
  it("is the share of returns further from the mean than that", () => {
    const closes = Float64Array.from({ length: 101 }, (_, i) => (i === 50 ? 200 : 100));
    expect(shareBeyond(returnStatistics(days(101), closes), 3)).toBeCloseTo(0.02, 10);
  });
});

describe("studyDrawing(study, closes)", () => {
  const closes = Float64Array.from({ length: 120 }, (_, i) => 100 + Math.sin(i));
  it("draws averages over the price and oscillators below it", () => {
    expect(studyDrawing("sma50", closes).pane).toBe("price");
    expect(studyDrawing("rsi", closes)).toMatchObject({ pane: "rsi", levels: [30, 70] });
  });
  it("aligns every line with the closes", () => {
    for (const study of chosenStudies("sma50,sma200,ema20,bollinger,rsi,macd")) {
      for (const { values } of studyDrawing(study, closes).lines) expect(values).toHaveLength(closes.length);
    }
  });
});

describe("chosenStudies(names)", () => {
  it("reads the names that exist, in the order of the buttons", () => {
    expect(chosenStudies("rsi,nonsense,sma50")).toEqual(["sma50", "rsi"]);
    expect(chosenStudies("")).toEqual([]);
  });
});
