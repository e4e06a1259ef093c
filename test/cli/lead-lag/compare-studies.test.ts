import { describe, expect, it } from "vitest";
import { compareStudies } from "../../../src/cli/lead-lag/compare-studies.js";

describe("compareStudies(before, after)", () => {
  it("finds nothing between equal results, wherever, whenever and by whatever they were made", () => {
    const study = { p: 0.1, lags: [{ lag: 0, ic: null }] };
    expect(
      compareStudies(
        { studyId: 1, watermark: "a:1", codeVersion: "0.1.0", ...study },
        { studyId: null, watermark: "a:2", codeVersion: "0.2.0", ...structuredClone(study) },
      ),
    ).toEqual([]);
  });

  it("sees the last bit of a number", () => {
    expect(compareStudies({ p: 0.3 }, { p: 0.1 + 0.2 })).toEqual([{ field: "p", before: 0.3, after: 0.1 + 0.2 }]);
  });

  it("names the path of every value that differs", () => {
    const before = { verdict: { kind: "no-lead-found", lag: null }, lags: [{ ic: 1 }, { ic: 2 }] };
    const after = { verdict: { kind: "lead-found", lag: 3 }, lags: [{ ic: 1 }] };
    expect(compareStudies(before, after).map(({ field }) => field)).toEqual(["verdict.kind", "verdict.lag", "lags.1"]);
  });

  it("holds zero and minus zero for equal, since JSON writes both as 0", () => {
    expect(compareStudies({ p: 0 }, { p: -0 })).toEqual([]);
  });
});
