import { describe, expect, it } from "vitest";
import { screenFilter } from "../../../../notebooks/components/lead-lag/screen-filter.js";
import {
  isTested,
  type ScreenRow,
  screenLabel,
  studyHref,
} from "../../../../notebooks/components/lead-lag/screen-row.js";
import { screenHeadline, smallPTitle, testsInWords } from "../../../../notebooks/components/lead-lag/screen-words.js";

const row = (facts: Partial<ScreenRow>): ScreenRow => ({
  source: "BRENT",
  target: "GAS",
  edgeCount: 1,
  verdict: "no-lead-found",
  strongestLag: 3,
  firstLag: -1,
  lastLag: -1,
  p: 0.4,
  q: 1,
  correlation: 0.05,
  heldOutIc: 0.01,
  heldOutP: 0.4,
  detectableSize: 0.08,
  returns: 2588,
  fromMs: Date.parse("2015-11-27"),
  toMs: Date.parse("2026-04-10"),
  tests: 93,
  factors: "VNINDEX",
  reasons: "",
  whitened: new Float32Array(31),
  ...facts,
});
const lead = row({ verdict: "lead-found", p: 0.0001, q: 0.001, heldOutP: 0.001 });
const unconfirmed = row({ verdict: "lead-found", p: 0.001, q: 0.01, heldOutP: 0.3 });
const refused = row({ verdict: "insufficient-data", p: Number.NaN, q: Number.NaN, tests: 0 });

describe("screenHeadline(rows)", () => {
  it("counts leads, and those that held", () => {
    expect(screenHeadline([lead, unconfirmed, row({}), refused])).toBe(
      "2 of 3 pairs of the value chain show a lead beyond chance, and 1 of them held on later days.",
    );
    expect(screenHeadline([lead, row({})])).toMatch(/shows a lead beyond chance, and it held on later days\.$/);
  });
  it("answers as plainly when there is none", () => {
    expect(screenHeadline([row({})])).toMatch(/^None of 1 pair of the value chain shows a lead/);
    expect(screenHeadline([refused])).toMatch(/^No pair of the value chain has enough prices/);
  });
});

describe("testsInWords(rows)", () => {
  it("counts the tests of the pairs that were tested", () => {
    expect(testsInWords([lead, row({}), refused])).toMatch(/^186 correlations: 2 pairs, each at 93 lags and shapes/);
    expect(testsInWords([lead, refused])).toMatch(/1 pair could not be tested and does not count\.$/);
  });
});

describe("smallPTitle(rows)", () => {
  it("compares the share of small p-values with what chance gives", () => {
    expect(smallPTitle([lead, row({}), row({}), row({})])).toMatch(/^25% of p-values .* there is something to find$/);
    expect(smallPTitle([row({}), row({})])).toMatch(/^0% .* about what nothing at all would give$/);
  });
});

describe("screenFilter(name)", () => {
  it("keeps the rows its name says", () => {
    const rows = [lead, unconfirmed, row({}), refused];
    const kept = (name: Parameters<typeof screenFilter>[0]) => rows.filter(screenFilter(name).keeps);
    expect(kept("all")).toEqual(rows);
    expect(kept("leads")).toEqual([lead, unconfirmed]);
    expect(kept("confirmed")).toEqual([lead]);
    expect(kept("refused")).toEqual(rows.filter((each) => !isTested(each)));
    expect(screenFilter("leads").title(1)).toBe("1 pair with a lead beyond chance");
  });
  it("has labels that tell a lead that held from one that did not", () => {
    expect([lead, unconfirmed].map(screenLabel)).toEqual(["Lead found", "Lead, not confirmed"]);
  });
});

describe("studyHref(row)", () => {
  it("opens the pair over the days of the screen", () => {
    expect(studyHref(lead)).toBe("./lead-lag.html?source=BRENT&target=GAS&from=2015-11-13&to=2026-04-10");
    expect(studyHref(row({ fromMs: 0 }))).toBe("./lead-lag.html?source=BRENT&target=GAS");
  });
});
