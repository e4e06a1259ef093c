import { describe, expect, it } from "vitest";
import { provenanceLine, readProvenance, shortSource } from "../../../notebooks/components/frame/provenance.js";

const metadata = new Map([
  ["quantflow.source", "vn100.csv.gz"],
  ["quantflow.asOf", "2026-04-10"],
  ["quantflow.rows", "234083"],
  ["quantflow.dataset", "simulated"],
  ["quantflow.excluded", "2 rows of HHV are quarantined"],
]);

describe("readProvenance(metadata)", () => {
  it("reads what the loader wrote", () => {
    expect(readProvenance(metadata)).toEqual({
      source: "vn100.csv.gz",
      asOf: "2026-04-10",
      rows: 234083,
      dataset: "simulated",
      excluded: "2 rows of HHV are quarantined",
    });
  });
  it("says that a source is not stated rather than leaving it out", () => {
    const provenance = readProvenance(new Map());
    expect(provenance.source).toBe("source not stated");
    expect(provenance.asOf).toBe("");
    expect(provenance.rows).toBeNaN();
  });
});

describe("provenanceLine(provenance)", () => {
  it("names day, source, rows and what was left out", () => {
    expect(provenanceLine(readProvenance(metadata))).toBe(
      "as of 2026-04-10 · vn100.csv.gz · 234,083 rows · 2 rows of HHV are quarantined",
    );
  });
  it("leaves out what is not known", () => expect(provenanceLine(readProvenance(new Map()))).toBe("source not stated"));
});

describe("shortSource(source)", () => {
  it("keeps one source whole", () => expect(shortSource("vn100.csv.gz")).toBe("vn100.csv.gz"));
  it("keeps the first of several and counts the rest", () => {
    expect(shortSource("vn100.csv, brent.csv")).toBe("vn100.csv and 1 more");
    expect(shortSource("vn100.csv, brent.csv, fx.csv and 2 more")).toBe("vn100.csv and 4 more");
  });
});
