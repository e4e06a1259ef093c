import { describe, expect, it } from "vitest";
import { formatProbability, verdictHeadline } from "../../../../notebooks/components/lead-lag/verdict-words.js";
import { insufficientData } from "../../../../src/engine/lead-lag/study-verdict.js";

const lead = { kind: "lead-found", lag: 5, lagInterval: [5, 6], isConfirmed: true, reasons: [] } as const;

describe("verdictHeadline(verdict, names)", () => {
  const names = { source: "A", target: "B", heldOutLag: 5 };
  it("names the lag of a lead that held on days kept apart", () => {
    expect(verdictHeadline(lead, names)).toBe("A leads B by 5 trading days, and did so again on days kept apart.");
  });
  it("does not say that the lag held when another was tested", () => {
    expect(verdictHeadline(lead, { ...names, heldOutLag: 7 })).toBe(
      "A leads B by 5 trading days, though on days kept apart it was lag 7 that held.",
    );
  });
  it("puts a lead that was not confirmed into the past", () => {
    expect(verdictHeadline({ ...lead, lag: 1, isConfirmed: false }, names)).toBe(
      "A led B by 1 trading day, but days kept apart do not confirm it.",
    );
  });
  it("answers in the same voice when there is no lead", () => {
    const none = { kind: "no-lead-found", lag: null, lagInterval: null, detectableSize: 0.12, reasons: [] } as const;
    expect(verdictHeadline(none, names)).toBe("No lead of A over B was found.");
    const together = { ...none, kind: "not-tradable", lag: 0, lagInterval: [0, 0] } as const;
    expect(verdictHeadline(together, names)).toMatch(/move on the same day\. .* nothing to trade/);
    expect(verdictHeadline(insufficientData("SERIES_TOO_SHORT", ""), names)).toBe("A and B cannot be studied here.");
  });
});

describe("formatProbability(p)", () => {
  it("never shows a p-value as zero", () => {
    expect([0.0004, 0.001, 0.0496, Number.NaN].map(formatProbability)).toEqual(["< 0.001", "0.001", "0.050", "–"]);
  });
});
