import { describe, expect, it } from "vitest";
import { screenProvenance, studyProvenance } from "../../../notebooks/components/lead-lag/study-provenance.js";

const series = (...days: string[]) => ({
  openedAtMs: Float64Array.from(days, (day) => Date.parse(day)),
  prices: new Float64Array(days.length).fill(1),
});
const pair = {
  source: "DCE.I",
  target: "HPG",
  sourceSeries: series("2026-03-30", "2026-03-31", "2026-04-01"),
  targetSeries: series("2026-03-30", "2026-03-31", "2026-04-01", "2026-04-10"),
  closingOffsets: undefined,
};
const window = { align: "inner", fromMs: Date.parse("2026-01-01"), toMs: Date.parse("2026-12-31") } as const;
const file = { source: "vn100.csv, brent.csv", asOf: "2026-08-21", rows: 9, dataset: "market", excluded: "" } as const;

describe("studyProvenance(pair, window, file)", () => {
  it("is as of the last day both series have in the window, not of the file", () => {
    expect(studyProvenance(pair, window, file).asOf).toBe("2026-04-01");
    expect(studyProvenance(pair, { ...window, toMs: Date.parse("2026-03-31") }, file).asOf).toBe("2026-03-31");
  });
  it("goes on with the target's days where the last source close is carried", () => {
    expect(studyProvenance(pair, { ...window, align: "as-of" }, file).asOf).toBe("2026-04-10");
  });
  it("has no day when the window holds none", () => {
    expect(studyProvenance(pair, { ...window, toMs: Date.parse("2026-01-02") }, file).asOf).toBe("");
    expect(studyProvenance(pair, { ...window, toMs: Number.NaN }, file).asOf).toBe("");
  });
  it("names the two series before the files they are among", () => {
    expect(studyProvenance(pair, window, file).source).toBe("closes of DCE.I and HPG (vn100.csv and 1 more)");
    expect(studyProvenance(pair, window, { ...file, dataset: "simulated" }).source).toBe(
      "closes of DCE.I and HPG (simulated)",
    );
  });
});

describe("screenProvenance(pair, window, file)", () => {
  it("names the target and the rest", () => {
    expect(screenProvenance(pair, window, file).source).toMatch(/^closes of HPG and all other series/);
  });
});
