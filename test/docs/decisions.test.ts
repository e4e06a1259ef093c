import { describe, expect, it } from "vitest";
import { codeSpans, filesMatching, readText } from "./repository.js";

const { dependencies, devDependencies, overrides } = JSON.parse(readText("package.json")) as Record<
  "dependencies" | "devDependencies" | "overrides",
  Record<string, string>
>;

/** A package name, as opposed to a path, a command or an identifier. */
const PACKAGE = /^(@[a-z][a-z0-9-]*\/)?[a-z][a-z0-9-]*$/;

describe("docs/decisions/0001-dependencies.md", () => {
  const record = readText("docs/decisions/0001-dependencies.md");
  const beforeRejected = record.slice(0, record.indexOf("## Rejected"));
  const named = [...codeSpans(beforeRejected)].filter((span) => PACKAGE.test(span));
  const installed = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);

  it("gives a reason for every package of package.json", () => {
    const names = codeSpans(beforeRejected);
    expect([...installed].filter((name) => !names.has(name))).toEqual([]);
  });

  it("names no package that is not installed", () => {
    const brought = new Set([...Object.keys(overrides), "jsdom", "html", "svg"]);
    expect(named.filter((name) => !installed.has(name) && !brought.has(name))).toEqual([]);
  });
});

describe("docs/decisions", () => {
  const records = filesMatching("docs/decisions/[0-9]*.md");

  it.each(records)("%s says what was rejected", (path) => {
    expect(readText(path)).toMatch(/^Rejected: |^## Rejected$/m);
  });

  it("are numbered without gaps and listed in the index by their titles", () => {
    const index = readText("docs/decisions/README.md");
    records.forEach((path, i) => {
      const [, number, title] = /^# (\d{4}) (.+)\n/.exec(readText(path))!;
      expect(number).toBe(String(i + 1).padStart(4, "0"));
      expect(index).toContain(`| [${number}](${path.split("/").at(-1)}) | ${title} |`);
    });
  });
});
