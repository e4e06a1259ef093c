import { describe, expect, it } from "vitest";
import { FINDING_KINDS, FINDING_SEVERITIES } from "../../src/engine/data-quality/finding.js";
import { ALIGNMENTS } from "../../src/engine/lead-lag/common-calendar.js";
import { BOARDS } from "../../src/engine/live-market/board.js";
import { FEED_STATES } from "../../src/engine/live-market/feed-status.js";
import { DATASETS } from "../../src/engine/market-data/dataset.js";
import { ASSET_CLASSES, TICK_RULES } from "../../src/engine/market-data/instrument.js";
import { CHANGE_PERIODS } from "../../src/engine/market-data/period-change.js";
import { codeSpans, readText, sections, tableRows } from "./repository.js";

const glossary = readText("docs/glossary.md");

describe("docs/glossary.md", () => {
  it.each([
    ["asset classes", ASSET_CLASSES],
    ["datasets", DATASETS],
    ["alignments", ALIGNMENTS],
    ["change periods", CHANGE_PERIODS],
    ["severities", FINDING_SEVERITIES],
    ["boards", BOARDS.slice(0, 7)],
    ["feed states", FEED_STATES],
  ])("names all %s", (_, names: readonly string[]) => {
    const spans = codeSpans(glossary);
    expect(names.filter((name) => !spans.has(name))).toEqual([]);
  });

  it.each([
    ["tick rule", "Instruments and prices", TICK_RULES],
    ["feed state", "Live market", FEED_STATES],
  ])("explains every %s, and no other", (_, section, names: readonly string[]) => {
    const rows = tableRows(sections(glossary, 2).get(section)!);
    expect(rows.map(([name]) => name!.replaceAll("`", ""))).toEqual([...names]);
  });
});

describe("docs/data-quality.md", () => {
  it("explains every kind of finding, and no other", () => {
    const rows = tableRows(readText("docs/data-quality.md"));
    const kinds = rows.map(([kind]) => kind!).filter((cell) => cell.startsWith("`"));
    expect(kinds).toEqual(FINDING_KINDS.map((kind) => `\`${kind}\``));
  });
});
