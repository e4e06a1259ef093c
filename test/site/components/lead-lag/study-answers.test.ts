import { describe, expect, it } from "vitest";
import {
  adjustedTogether,
  type StudiedPair,
  type StudiedWithResult,
} from "../../../../notebooks/components/studies/studied-pairs.js";
import { groupAnswer, groupKind, pairAnswer } from "../../../../notebooks/components/studies/study-answers.js";

interface Facts {
  readonly kind?: string;
  readonly lag?: number;
  readonly ic?: number;
  readonly isConfirmed?: boolean;
  readonly sameDayP?: number;
}

function pairOf(source: string, target: string, facts: Facts = {}): StudiedWithResult {
  const { kind = "no-lead-found", lag = 1, ic = 0.01, isConfirmed = false, sameDayP = 0.5 } = facts;
  return {
    kind: "studied",
    source,
    target,
    factors: [],
    verdict: { kind, lag, isConfirmed, reasons: [] },
    study: { test: { lead: { lag }, sameDay: { p: sameDayP } }, heldOut: { ic, isConfirmed } },
  } as unknown as StudiedWithResult;
}
const lead = (target: string, lag: number, ic: number, isConfirmed = true) =>
  pairOf("BRENT", target, { kind: "lead-found", lag, ic, isConfirmed });

describe("groupAnswer(pairs, names)", () => {
  it("tells leads by the same lag together", () => {
    const pairs = [lead("GAS", 2, 0.129), lead("PVD", 2, 0.16), pairOf("BRENT", "PLX")];
    expect(groupAnswer(pairs, new Map([["BRENT", "Brent"]]))).toBe(
      "Brent leads GAS and PVD by 2 trading days (held-out IC +0.129 and +0.160). The other pair shows none.",
    );
  });
  it("keeps apart what was not confirmed", () => {
    const pairs = [lead("A", 1, 0.12), lead("B", 1, -0.06, false)];
    expect(groupAnswer(pairs)).toBe(
      "BRENT leads A by 1 trading day (held-out IC +0.120); BRENT leads B by 1 trading day (held-out IC −0.060, not confirmed).",
    );
  });
  it("answers also when there is nothing, and when nothing can be studied", () => {
    expect(groupAnswer([pairOf("A", "B")])).toBe("No lead of A over B was found.");
    expect(groupAnswer([pairOf("A", "B"), pairOf("A", "C")])).toBe("None of the 2 pairs shows a lead beyond chance.");
    expect(groupAnswer([])).toBe("None of the pairs can be studied with the data there is.");
  });
});

describe("pairAnswer(leftIn, takenOut, names)", () => {
  it("says that a pair moves on the same day when nothing comes after it", () => {
    expect(pairAnswer(pairOf("A", "B", { sameDayP: 0.001 }), pairOf("A", "B"))).toBe(
      "A and B move together on the same day, but no lead of days or weeks was found.",
    );
    expect(pairAnswer(pairOf("A", "B"), pairOf("A", "B"))).toBe("No lead of A over B was found.");
  });
});

describe("groupKind(pairs)", () => {
  it("is a lead if any pair has one, and not studied if none could be", () => {
    expect(groupKind([pairOf("A", "B"), lead("C", 1, 0.1)])).toBe("lead-found");
    const refused = { kind: "refused", verdict: { kind: "insufficient-data" } } as unknown as StudiedPair;
    expect(groupKind([refused])).toBe("insufficient-data");
  });
});

describe("adjustedTogether(questions, outcomes)", () => {
  const question = (source: string) => ({ input: { source: { name: source }, target: { name: "T" } } }) as never;
  it("keeps refused pairs in place, without counting them as tests", () => {
    const refused = { kind: "refused", code: "SERIES_TOO_SHORT", message: "series too short" } as const;
    const study = {
      p: 0.04,
      test: { tests: 93, lead: { lag: 3, correlation: 0.1, transform: "linear" }, sameDay: { p: 1, correlation: 0 } },
      heldOut: { isConfirmed: true, rows: 300, lag: 3, ic: 0.1, p: 0.01 },
      bootstrap: { lagInterval: [3, 3] },
      isLagZeroTradable: false,
    };
    const outcomes = [refused, { kind: "studied", study, sides: {} }] as never;
    const [first, second] = adjustedTogether([question("A"), question("B")], outcomes);
    expect(first).toMatchObject({ source: "A", code: "SERIES_TOO_SHORT", verdict: { kind: "insufficient-data" } });
    expect(second).toMatchObject({ source: "B", q: 0.04, verdict: { kind: "lead-found", lag: 3 } });
  });
});
