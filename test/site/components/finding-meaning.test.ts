import { describe, expect, it } from "vitest";
import {
  FINDING_MEANINGS,
  SEVERITY_MEANINGS,
  severityRank,
} from "../../../notebooks/components/data-quality/finding-meaning.js";
import { FINDING_KINDS, FINDING_SEVERITIES } from "../../../src/engine/data-quality/finding.js";

describe("FINDING_MEANINGS", () => {
  it("explains every kind the checks can find, and no other", () => {
    expect(Object.keys(FINDING_MEANINGS).sort()).toEqual([...FINDING_KINDS].sort());
  });
  it("explains every severity", () => {
    expect(Object.keys(SEVERITY_MEANINGS).sort()).toEqual([...FINDING_SEVERITIES].sort());
  });
});

describe("severityRank(severity)", () => {
  it("puts errors first", () => {
    expect([...FINDING_SEVERITIES].sort((a, b) => severityRank(a) - severityRank(b))).toEqual([
      "error",
      "warning",
      "info",
    ]);
  });
});
