import { describe, expect, it } from "vitest";
import { foldText, rankEntries } from "../../../notebooks/components/navigation/palette-ranking.js";

const entries = [
  { kind: "page", label: "Heatmap", detail: "Market" },
  { kind: "symbol", label: "HPG", detail: "Công ty cổ phần Tập đoàn Hòa Phát · HOSE" },
  { kind: "symbol", label: "HPX", detail: "Đầu tư Hải Phát · HOSE" },
  { kind: "symbol", label: "HP", detail: "" },
  { kind: "command", label: "Use the light theme", detail: "look" },
] as const;
const labels = (query: string) => rankEntries(entries, query).map(({ label }) => label);

describe("foldText(text)", () => {
  it("drops case and Vietnamese marks, đ included", () => expect(foldText("Đầu tư Hòa Phát")).toBe("dau tu hoa phat"));
});

describe("rankEntries(entries, query, limit)", () => {
  it("puts the exact symbol before those that begin with it", () => expect(labels("hp")).toEqual(["HP", "HPG", "HPX"]));
  it("finds a company without its marks", () => expect(labels("hoa phat")).toEqual(["HPG"]));
  it("finds pages and commands by a word", () => {
    expect(labels("heat")).toEqual(["Heatmap"]);
    expect(labels("light")).toEqual(["Use the light theme"]);
  });
  it("lists pages and commands for no query", () => expect(labels("  ")).toEqual(["Heatmap", "Use the light theme"]));
  it("lists nothing for what is not there", () => expect(labels("zzz")).toEqual([]));
  it("stops at the limit", () => expect(rankEntries(entries, "h", 2)).toHaveLength(2));
});
