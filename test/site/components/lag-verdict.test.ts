import { describe, expect, it } from "vitest";
import { lagVerdict, verdictSentences, verdictTitle } from "../../../notebooks/components/lead-lag/lag-verdict.js";

const lagsOf = (...correlations: readonly number[]) =>
  correlations.map((pearson, lag) => ({ lag, pearson, n: 1189 - lag, band95: 1.96 / Math.sqrt(1189 - lag) }));
const quiet = Array.from({ length: 29 }, () => 0.01);

describe("lagVerdict(lags)", () => {
  it("finds no lead where only the same day survives the correction", () => {
    const verdict = lagVerdict(lagsOf(0.122, 0.075, ...quiet));
    expect(verdict.tested).toBe(31);
    expect(verdict.expectedByChance).toBeCloseTo(1.55, 10);
    expect(verdict.outsideBand.map(({ lag }) => lag)).toEqual([0, 1]);
    expect(verdict.surviving.map(({ lag }) => lag)).toEqual([0]);
    expect(verdict.leads).toEqual([]);
    expect(verdictTitle(verdict, "DCE.I", "HPG")).toBe("DCE.I and HPG move on the same day; no lead found");
    expect(verdictSentences(verdict)).toContain("Lag 0 (+0.122) survives the correction");
  });
  it("names the strongest lag that survives as the lead", () => {
    const verdict = lagVerdict(lagsOf(0.02, 0.03, 0.14, -0.2, ...quiet));
    expect(verdict.leads.map(({ lag }) => lag)).toEqual([2, 3]);
    expect(verdictTitle(verdict, "A", "B")).toBe("A may lead B by 3 trading days (r = −0.200, in sample)");
  });
  it("takes lag 0 for a lead only where the source's close was known before", () => {
    const lags = lagsOf(0.161, ...quiet);
    expect(lagVerdict(lags).leads).toEqual([]);
    const verdict = lagVerdict(lags, { isZeroKnownBefore: true });
    expect(verdictTitle(verdict, "BRENT", "PLX")).toBe(
      "BRENT may lead PLX by its last close known before (r = +0.161, in sample)",
    );
    expect(verdictSentences(verdict)).toContain("judge it on days it has not seen");
  });
  it("says that nothing was found when nothing was", () => {
    const verdict = lagVerdict(lagsOf(...quiet));
    expect(verdictTitle(verdict, "A", "B")).toBe("No lead of A over B found");
    expect(verdictSentences(verdict)).toMatch(/^None of 29 lags leaves the 95% band of a single lag/);
  });
  it("does not count a correlation that is undefined", () => {
    expect(lagVerdict(lagsOf(Number.NaN, Number.NaN)).outsideBand).toEqual([]);
  });
});
