import { describe, expect, it } from "vitest";
import { checkKnownTimes, sentenceOfKnownTime } from "../../../src/engine/feature-table/check-known-times.js";

const decidedAt = Float64Array.of(10, 20, 30, 40);
const features = {
  names: ["own", "foreign"],
  columns: [Float64Array.of(1, 2, 3, 4), Float64Array.of(NaN, 6, 7, 8)],
  rowCount: 4,
  decidedAt,
};

describe("checkKnownTimes({ names, columns, rowCount, decidedAt, known })", () => {
  it("passes values known before the decision or at it", () => {
    const known = [
      { kind: "after-decision", delay: 0 },
      { kind: "each", knownAt: Float64Array.of(9, 19, 29, 40) },
    ] as const;
    expect(checkKnownTimes({ ...features, known })).toEqual([]);
  });

  it("names the column and rows known too late, and the longest wait", () => {
    const known = [
      { kind: "after-decision", delay: -1 },
      { kind: "each", knownAt: Float64Array.of(99, 33, 30, 41) },
    ] as const;
    const problems = checkKnownTimes({ ...features, known });
    expect(problems).toEqual([
      {
        kind: "known-too-late",
        column: "foreign",
        rows: [
          { begin: 1, end: 2 },
          { begin: 3, end: 4 },
        ],
        longestDelay: 13,
        worstRow: 1,
      },
    ]);
    expect(sentenceOfKnownTime(problems[0]!, (delay) => `${delay} h`)).toBe(
      "foreign was not known yet in rows 1, 3; in row 1 it was known 13 h after the decision",
    );
  });

  it("names every row of a column that is always late", () => {
    const known = [
      { kind: "after-decision", delay: 5 },
      { kind: "after-decision", delay: 0 },
    ] as const;
    expect(checkKnownTimes({ ...features, known })).toMatchObject([{ column: "own", rows: [{ begin: 0, end: 4 }] }]);
  });

  it("names values that nobody knows the time of", () => {
    const known = [
      { kind: "each", knownAt: Float64Array.of(1, NaN, NaN, 4) },
      { kind: "after-decision", delay: 0 },
    ] as const;
    const problems = checkKnownTimes({ ...features, known });
    expect(problems).toEqual([{ kind: "known-time-missing", column: "own", rows: [{ begin: 1, end: 3 }] }]);
    expect(sentenceOfKnownTime(problems[0]!, String)).toBe("own has values in rows 1–2 that were known at no time");
  });

  it("refuses times that do not match the table", () => {
    const known = [{ kind: "after-decision", delay: 0 }] as const;
    expect(() => checkKnownTimes({ ...features, known })).toThrow(
      expect.objectContaining({ code: "FEATURES_INVALID" }),
    );
  });
});
