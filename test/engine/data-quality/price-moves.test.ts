import { describe, expect, it } from "vitest";
import { checkPriceMoves } from "../../../src/engine/data-quality/check-price-moves.js";
import { nearestSplitRatio } from "../../../src/engine/data-quality/split-ratio.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { HOSE_SHARE, seriesOfCloses } from "./support/daily-series.js";

const HPG = instrumentSymbol("HPG");
const UNBANDED_SHARE = { ...HOSE_SHARE, exchange: undefined };
const INDEX = { ...HOSE_SHARE, assetClass: "index" as const };

/** Closes that go up and down by 1%. */
const calm = (level: number, count: number) =>
  Array.from({ length: count }, (_, row) => level * (1 + 0.01 * (row % 2)));

describe("checkPriceMoves(symbol, series, context)", () => {
  it("takes a lasting fall beyond the band for an unadjusted bonus issue", () => {
    const findings = checkPriceMoves(HPG, seriesOfCloses([43.3, 43.4, 29.95, 30.55, 30.2, 30.4]), HOSE_SHARE);
    expect(findings).toMatchObject([{ kind: "split-like-jump", severity: "warning", count: 1 }]);
    expect(findings[0]!.message).toBe(
      "The close goes from 43.4 to 29.95 (−31.0%) on 2024-01-03, about 1/1.4 of the price before: perhaps an unadjusted split or bonus issue.",
    );
  });

  it("accepts a full day's fall within the band", () => {
    expect(checkPriceMoves(HPG, seriesOfCloses([10, 9.3, 8.65, 8.05]), HOSE_SHARE)).toEqual([]);
  });

  it("accepts a fall beyond today's band where rises show that a wider one was in force", () => {
    const onUpcom = [10, 11.4, 11.5, 13.1, 13.1, 11.2, 11.2, 11.3];
    expect(checkPriceMoves(HPG, seriesOfCloses(onUpcom), HOSE_SHARE)).toEqual([]);
  });

  it("reports a jump that the next candle takes back once, on its own candle", () => {
    const closes = [...calm(980, 20), 445.59, ...calm(980, 20)];
    expect(checkPriceMoves(HPG, seriesOfCloses(closes), INDEX)).toMatchObject([
      { kind: "price-jump", severity: "warning", count: 1 },
    ]);
  });

  it("reports a jump without explanation for information only", () => {
    const future = { ...HOSE_SHARE, assetClass: "commodity-future" as const, exchange: "SHFE" };
    const closes = [...calm(12_400, 20), ...calm(15_235, 20)];
    expect(checkPriceMoves(HPG, seriesOfCloses(closes), future)).toMatchObject([
      { kind: "price-jump", severity: "info" },
    ]);
  });

  it("needs a usual split ratio where trading has no band", () => {
    const split = [...calm(81, 20), ...calm(40.5, 20)];
    const news = [...calm(81, 20), ...calm(60, 20)];
    expect(checkPriceMoves(HPG, seriesOfCloses(split), UNBANDED_SHARE)).toMatchObject([{ kind: "split-like-jump" }]);
    expect(checkPriceMoves(HPG, seriesOfCloses(news), UNBANDED_SHARE)).toMatchObject([{ kind: "price-jump" }]);
  });

  it("reports a change of unit with the rows it lasts", () => {
    const closes = [...calm(27.5, 10), ...calm(27_500, 4), ...calm(27.5, 10)];
    const findings = checkPriceMoves(HPG, seriesOfCloses(closes), HOSE_SHARE);
    expect(findings).toMatchObject([{ kind: "unit-break", severity: "error", count: 4 }]);
    expect(findings[0]!.message).toContain("near a factor of 10^3: another unit for 4 candles");
  });

  it("goes on looking after the unit changed for good", () => {
    const closes = [...calm(27.5, 10), ...calm(27_500, 10), ...calm(13_000, 10)];
    const findings = checkPriceMoves(HPG, seriesOfCloses(closes), HOSE_SHARE);
    expect(findings).toMatchObject([{ kind: "unit-break", count: 20 }, { kind: "split-like-jump" }]);
  });

  it("takes a lasting fall to a tenth for a split of a share and for a unit elsewhere", () => {
    const closes = [...calm(500, 20), ...calm(50, 20)];
    expect(checkPriceMoves(HPG, seriesOfCloses(closes), UNBANDED_SHARE)).toMatchObject([{ kind: "split-like-jump" }]);
    expect(checkPriceMoves(HPG, seriesOfCloses(closes), INDEX)).toMatchObject([{ kind: "unit-break" }]);
  });

  it("passes over candles without a positive close", () => {
    expect(checkPriceMoves(HPG, seriesOfCloses([10, 0, -5, Number.NaN, 10]), HOSE_SHARE)).toEqual([]);
  });

  it("makes one finding of many reversed jumps", () => {
    const closes = Array.from({ length: 200 }, (_, row) => (row % 5 === 4 ? 22_600 : 23_050 + (row % 3)));
    const fx = { ...HOSE_SHARE, assetClass: "fx" as const, exchange: undefined };
    const findings = checkPriceMoves(HPG, seriesOfCloses(closes), fx);
    expect(findings).toMatchObject([{ kind: "price-jump", severity: "warning", count: 39 }, { severity: "info" }]);
  });
});

describe("nearestSplitRatio(change, band)", () => {
  it.each([
    [-0.5, 2],
    [-1 / 3, 1.5],
    [-0.8, 5],
    [1, 1 / 2],
    [9, 1 / 10],
  ])("of a return of %d is %d new shares for one", (change, ratio) => {
    expect(nearestSplitRatio(change, undefined)).toBeCloseTo(ratio, 12);
  });

  it("is undefined when the corrected price has moved by more than the band", () => {
    expect(nearestSplitRatio(-0.68, 0.01)).toBeUndefined();
    expect(nearestSplitRatio(-0.25, undefined)).toBeUndefined();
  });
});
