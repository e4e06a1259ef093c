import { describe, expect, it } from "vitest";
import { FINDING_KINDS, FINDING_SEVERITIES } from "../../src/engine/data-quality/finding.js";
import { ALIGNMENTS } from "../../src/engine/lead-lag/common-calendar.js";
import { DATASETS } from "../../src/engine/market-data/dataset.js";
import { ASSET_CLASSES, TICK_RULES } from "../../src/engine/market-data/instrument.js";
import { CHANGE_PERIODS } from "../../src/engine/market-data/period-change.js";
import { codeSpans, readText, tableRows } from "./repository.js";

const glossary = readText("docs/glossary.md");

describe("docs/glossary.md", () => {
  it.each([
    ["asset classes", ASSET_CLASSES],
    ["datasets", DATASETS],
    ["alignments", ALIGNMENTS],
    ["change periods", CHANGE_PERIODS],
    ["severities", FINDING_SEVERITIES],
  ])("names all %s", (_, names: readonly string[]) => {
    const spans = codeSpans(glossary);
    expect(names.filter((name) => !spans.has(name))).toEqual([]);
  });

  it("explains every tick rule, and no other", () => {
    expect(tableRows(glossary).map(([rule]) => rule!.replaceAll("`", ""))).toEqual([...TICK_RULES]);
  });
});

describe("docs/data-quality.md", () => {
  it("explains every kind of finding, and no other", () => {
    const rows = tableRows(readText("docs/data-quality.md"));
    const kinds = rows.map(([kind]) => kind!).filter((cell) => cell.startsWith("`"));
    expect(kinds).toEqual(FINDING_KINDS.map((kind) => `\`${kind}\``));
  });
});
